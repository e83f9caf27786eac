"""A letter as it is to be printed, before anybody sets it in type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["answer", "receipt", "reminder", "status", "decision"]
Language = Literal["zh-Hans", "zh-Hant", "en"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """Who writes: printed at the top, under the signature, and as the address of a return slip."""

    org: str
    address: str  # with its postcode, before or after
    phone: str
    signatory: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """Something that the person is asked for; ``text`` is what they read."""

    name: str  # of the field: policy_number, signature, …
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The three parts without which a decision may not leave (办法 Art. 19)."""

    verified: str
    basis: str
    remedies: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyLetter:
    """One letter to one person."""

    id: str  # of the delivery, stable over attempts
    number: str  # of the complaint
    kind: Kind
    name: str
    address: str
    paragraphs: tuple[str, ...]
    written_on: date
    title: str = ""  # empty: the usual one of its kind
    asks: tuple[Ask, ...] = ()
    decision: Decision | None = None
    slip: str = ""  # what the code on the return slip says: TOUSU:SLIP:<number>:<check>
    language: Language = "zh-Hans"
    large: bool = False  # for people who do not see well

    @property
    def has_slip(self) -> bool:
        """Is there something to write on it?"""
        return bool(self.asks)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedLetter:
    """A letter set in type, as PDF/A."""

    pdf: bytes
    pages: int


def to_fields(letter: ReplyLetter) -> dict[str, Any]:
    """The letter as JSON has it."""
    return asdict(letter) | {"written_on": letter.written_on.isoformat()}


def from_fields(fields: Mapping[str, Any]) -> ReplyLetter:
    """The letter that ``to_fields`` wrote down. Raises KeyError, TypeError, ValueError for anything else."""
    decision = fields["decision"]
    return ReplyLetter(
        **{
            **fields,
            "paragraphs": tuple(fields["paragraphs"]),
            "asks": tuple(Ask(**ask) for ask in fields["asks"]),
            "decision": Decision(**decision) if decision else None,
            "written_on": date.fromisoformat(fields["written_on"]),
        }
    )
