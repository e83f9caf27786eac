"""What a search by somebody's own values asks for: in a body, for URLs end in the access logs of every proxy."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from gateway.staff.shapes import CallsAsked, ComplaintsAsked, Limit, Phone, Word


def _number(value: object) -> object:
    """Also 7.0, which is a whole number to JSON Schema; never a text or a truth, which Python would take."""
    if isinstance(value, bool | str):
        raise ValueError("a number is written without quotation marks")
    return value


Most = Annotated[Limit, BeforeValidator(_number)]


class ComplaintsSought(ComplaintsAsked):
    """All that is given must fit."""

    phone: Phone | None = Field(None, description="Local or E.164 form")
    name: Word | None = None
    email: Word | None = None
    id_number: Word | None = None
    policy_number: Word | None = None
    claim_number: Word | None = None
    limit: Most = 50


class CallsSought(CallsAsked):
    """All that is given must fit."""

    phone: Phone | None = Field(None, description="Local or E.164 form")
    limit: Most = 50


def private_names(asked: type[BaseModel], sought: type[BaseModel]) -> frozenset[str]:
    """What only the body may say."""
    return frozenset(sought.model_fields.keys() - asked.model_fields.keys())
