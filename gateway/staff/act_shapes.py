"""What the API says and hears of the acts of officers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StrictBool

from gateway.casework.lifecycle import Outcome
from gateway.medium import Medium
from gateway.staff.paging import LARGEST_ID
from gateway.staff.shapes import (
    NO_CONTROLS,
    NOTE_CHARS,
    REASON_CHARS,
    SPOKEN,
    WORDS_CHARS,
    Asked,
    Code,
    Cursor,
    DecisionGiven,
    Limit,
    Shape,
)

MOST_AT_ONCE = 100


def _counted(value: object) -> object:
    """A number, also one that is written 7.0; never a text or a truth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("an id is a number")
    return value


def _written(value: object) -> object:
    """Only the ISO form: a bare number would be taken for seconds since 1970."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("a moment is written 2026-11-23T09:30:00+08:00")
    return value


PersonId = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_counted)]
BranchCode = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z_-]*$", description="Empty: the head office")]
Number = Annotated[str, Field(pattern=r"^TS[0-9]{12}$")]
RuleCode = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Z]*$")]
Why = Annotated[str, Field(min_length=1, max_length=REASON_CHARS, pattern=SPOKEN, description="For the history")]
MayWhy = Annotated[str, Field(max_length=REASON_CHARS, pattern=NO_CONTROLS, description="For the history")]
Said = Annotated[str, Field(min_length=1, max_length=NOTE_CHARS, pattern=SPOKEN)]
MaySay = Annotated[str, Field(max_length=NOTE_CHARS, pattern=NO_CONTROLS)]
Told = Annotated[StrictBool, Field(description="Tell the customer on the channel they came by")]
Moment = Annotated[AwareDatetime, BeforeValidator(_written), Field(description="With its offset from UTC")]
Askable = Literal[
    "matter", "request", "complainant_name", "contact", "policy_number", "evidence", "documents", "signature"
]


# Bodies


class AssignTo(Asked):
    """Null: nobody has it any more."""

    person: PersonId | None
    reason: MayWhy = ""


class SendTo(Asked):
    branch: BranchCode
    reason: MayWhy = ""


class AssignAll(Asked):
    numbers: Annotated[list[Number], Field(min_length=1, max_length=MOST_AT_ONCE)]
    person: PersonId
    reason: MayWhy = ""


class Classify(Asked):
    """A code that is empty stays as it is; a detail brings its category along."""

    category: RuleCode = ""
    category_detail: RuleCode = ""
    product: RuleCode = ""
    reason: Why


class Grade(Asked):
    priority: Literal["P0", "P1", "P2", "P3"]
    reason: Why


class AskFor(Asked):
    """What the customer is asked for, and in what further words."""

    items: list[Askable] = Field([], max_length=8)
    words: MaySay = ""


class Reply(Asked):
    text: Said


class Note(Asked):
    """For colleagues; never told."""

    text: Annotated[str, Field(min_length=1, max_length=WORDS_CHARS, pattern=SPOKEN)]


class MoveSeen(Asked):
    status: Code
    note: MaySay = ""
    decision: DecisionGiven | None = None
    outcome: Literal[Outcome.UPHELD, Outcome.PART, Outcome.REJECTED] | None = Field(None, description="Of a decision")


class LinkTo(Asked):
    other: Number
    kind: Literal["duplicate", "related"] = "related"
    reason: Why


class Because(Asked):
    reason: Why


class MergeInto(Asked):
    into: Number
    reason: Why
    tell: Told = False


class MergeLinked(Asked):
    reason: Why
    tell: Told = False


class SplitOff(Asked):
    """A part of the customer's own words."""

    text: Annotated[str, Field(min_length=1, max_length=WORDS_CHARS, pattern=SPOKEN)]
    reason: Why
    tell: Told = True


class WithdrawFor(Asked):
    reason: Why
    evidence: Annotated[str, Field(min_length=1, max_length=REASON_CHARS, pattern=SPOKEN, description="How we know")]
    said_at: Moment | None = Field(None, description="When the customer said so; now, if it is not given")
    tell: Told = True


class Reopen(Asked):
    reason: Said
    facts_at: Moment | None = Field(None, description="When new facts came, from which the days count anew (Art 18)")
    tell: Told = True


class NotHandled(Asked):
    code: Annotated[str, Field(pattern=r"^N[1-6]$")]
    note: MaySay = Field("", description="For the customer, after the legal reason")


class SuggestionsAsked(Asked):
    cursor: Cursor | None = None
    limit: Limit = 50


# Answers


class Placed(Shape):
    number: str
    branch: str
    person: int | None


class WentShown(Shape):
    number: str
    code: str = Field(description="Empty: done; else why not")
    why: str


class AllWent(Shape):
    items: list[WentShown]


class PreviewShown(Shape):
    channel: str
    medium: Medium
    text: str
    subject: str
    to: str = Field(description="Masked")
    will_be_told: bool
    why_not: str


class LinkShown(Shape):
    id: int
    number: str
    other: str = Field(description="In a merge or a split: what went into, or came out of, the first")
    kind: str
    state: str
    at: datetime
    by: str
    facts: dict[str, Any]


class LinksShown(Shape):
    items: list[LinkShown]


class LinkPage(Shape):
    items: list[LinkShown]
    next: str | None


class WhyNotShown(Shape):
    code: str
    law: str
    name: dict[str, str]
    told: dict[str, str]
    remedies: dict[str, str]


class WhyNots(Shape):
    items: list[WhyNotShown]


class Waiting(Shape):
    """A step that waits for a second person."""

    id: int
    number: str
    kind: str
    state: str
    asked_at: datetime
    asked_by: str
    facts: dict[str, Any]
