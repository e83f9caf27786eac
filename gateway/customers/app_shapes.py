"""The JSON of the public API: what the insurer's app sends and hears."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, ConfigDict, Field

from gateway.staff.shapes import Asked, Shape

Short = Annotated[str, Field(max_length=400)]
Long = Annotated[str, Field(max_length=20_000)]
Sealed = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z0-9_\-]*$")]
Token = Annotated[
    str,
    Field(
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Of the caller's choice, new for each sending: the same one again is the same sending",
    ),
]
Language = Literal["zh-Hans", "zh-Hant", "en"]


SOMETHING = {"pattern": r"\S"}
# What the fields do not say one by one, as JSON Schema: the same as is checked where each is heard.
OF_COMPLAINT = {
    "anyOf": [
        {"required": ["matter"], "properties": {"matter": SOMETHING}},
        {"required": ["visit"], "properties": {"visit": {"minLength": 1}}},
    ]
}
OF_MORE = {
    "anyOf": [
        {"required": ["text"], "properties": {"text": SOMETHING}},
        {"required": ["files"], "properties": {"files": {"minItems": 1}}},
    ]
}
OF_RATING = {
    "anyOf": [
        {"required": ["solved"], "properties": {"solved": {"const": False}}},
        {"required": ["score"], "properties": {"score": {"type": "integer"}}},
    ]
}


def _also(schema: dict[str, Any]) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra=schema)


class FileSent(Asked):
    name: Annotated[str, Field(min_length=1, max_length=255)]
    content: Annotated[Base64Bytes, Field(description="base64")]


Files = Annotated[list[FileSent], Field(max_length=10)]


class ComplaintSent(Asked):
    """What the form of the website asks; at first nothing but ``token`` and ``matter``, what is missing is asked."""

    model_config = _also(OF_COMPLAINT)

    token: Token
    visit: Annotated[Sealed, Field(description="From the last answer, to add what was missing")] = ""
    language: Language = "zh-Hans"
    matter: Long = ""
    request: Annotated[str, Field(max_length=2000)] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    complainant_name: Short = ""
    party_role: Literal["self", "agent", "heir", "legal_representative", "organisation"] | None = None
    phone: Short = ""
    email: Short = ""
    id_number: Short = ""
    policy_number: Short = ""
    claim_number: Short = ""
    address: Short = ""
    respondent: Short = ""
    files: Files = Field(default_factory=list)


class ComplaintTaken(Shape):
    number: str
    accepted: bool
    missing: list[str] = Field(description="What is still asked; send it with the same visit")
    doubtful: list[str] = Field(description="What was sent and could not be made out")
    danger: bool = Field(description="Somebody may be in danger: show the text at once, and ask for nothing")
    due_at: datetime | None
    text: str = Field(description="To be shown as it is")
    visit: str


class ProofSent(Asked):
    number: Annotated[str, Field(min_length=1, max_length=40)]
    proof: Annotated[str, Field(min_length=4, max_length=4, description="Last four of the telephone number or ID")]
    link: Annotated[str, Field(max_length=40, description="Parameter t of a link in our message")] = ""
    language: Language = "zh-Hans"


class LineShown(Shape):
    at: datetime
    text: str


class ProgressShown(Shape):
    number: str
    status: str
    state: str
    stage: int = Field(description="0 registered to 4 closed; -1 withdrawn", ge=-1, le=4)
    due_at: datetime
    timeline: list[LineShown]
    messages: list[LineShown]
    may_add: bool
    may_withdraw: bool
    may_rate: bool


class Entered(Shape):
    session: str = Field(description="Bearer token of the next calls")
    expires_in: int = Field(description="Seconds")
    progress: ProgressShown


class InLanguage(Asked):
    language: Language = "zh-Hans"


class MoreSent(Asked):
    model_config = _also(OF_MORE)

    token: Token
    text: Long = ""
    files: Files = Field(default_factory=list)


class WithdrawalSent(Asked):
    token: Token
    confirmed: bool | None = Field(default=None, description="Leave out first: the answer asks whether it is meant")


class RatingSent(Asked):
    model_config = _also(OF_RATING)

    token: Token
    score: Annotated[int, Field(ge=1, le=5)] | None = None
    solved: bool | None = Field(default=None, description="False: it is not, and the complaint is opened again")
    text: Annotated[str, Field(max_length=2000)] = ""


class Said(Shape):
    text: str
