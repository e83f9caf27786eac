"""What the API says and hears of paper: letters that came, values that staff confirm, and letters of ours."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, WithJsonSchema

from gateway.staff.paging import LARGEST_ID
from gateway.staff.shapes import NO_CONTROLS, WORDS_CHARS, Asked, Cursor, FieldShown, Limit, Shape, Unmask
from normalizer.record import PageKind
from store.values import PostState, ScanState

VALUE_CHARS = 500
MOST_AT_ONCE = 200
MOST_FILES = 40
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> object:
    """Only the ISO form: a bare number would be taken for seconds since 1970."""
    if isinstance(value, str) and not ISO_DAY.fullmatch(value):
        raise ValueError("a day is written 2026-11-23")
    return value


Day = Annotated[date, BeforeValidator(_day)]
FormDay = Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})]  # a form cannot say null
Tracking = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z-]*$", description="The courier's number")]
PostingId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Value = Annotated[str, Field(max_length=VALUE_CHARS, pattern=NO_CONTROLS)]
Upload = Annotated[bytes | None, WithJsonSchema({"type": "string", "contentMediaType": "application/octet-stream"})]
FieldName = Literal[
    "complainant_name",
    "phone",
    "email",
    "id_number",
    "policy_number",
    "claim_number",
    "address",
    "respondent",
    "request",
    "uscc",
    "bank_card",
    "organisation",
]
Box = tuple[int, int, int, int]


# Queries and bodies


class LetterFacts(Asked):
    """What the mailroom knows of a letter and its pages do not say."""

    received_on: FormDay = Field(None, description="The day the post came; without it, today")
    postmark: FormDay = None
    tracking_number: Tracking = ""


class LetterForm(LetterFacts):
    """A letter as it is handed in: several files are one letter."""

    file: Annotated[list[Upload], Field(min_length=1, max_length=MOST_FILES)]
    envelope: Upload = Field(None, description="Scan of the envelope")


class LettersAsked(Asked):
    state: ScanState | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class FieldsGiven(Asked):
    """What a person read on the paper. An empty value is not in the letter; ``text`` is the whole letter, typed."""

    fields: dict[FieldName, Value] = Field(default={}, max_length=12)
    text: Annotated[str, Field(max_length=WORDS_CHARS, pattern=NO_CONTROLS)] = ""
    item: Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True)] | None = Field(None, description="The letter read")
    as_written: StrictBool = Field(False, description="A check digit does not fit, and the customer wrote it so")


class PostAsked(Unmask):
    state: PostState | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


class Going(Asked):
    """Where a letter of ours is now."""

    state: Literal["posted", "delivered", "returned"]
    on: Day | None = Field(None, description="The day it happened, by the postmark; without it, now")


class GoingAlone(Going):
    tracking_number: Tracking = ""


class GoingTogether(Going):
    ids: Annotated[list[PostingId], Field(min_length=1, max_length=MOST_AT_ONCE)]


# Answers


class HandedIn(Shape):
    key: str = Field(description="Of the item; a letter of a batch is key/1, key/2, …")
    new: bool


class LetterListed(Shape):
    item: int
    key: str
    complaint: str | None
    received_at: datetime
    due: datetime | None = Field(description="Until when somebody must have looked; null: nobody must")
    state: ScanState
    pages: int
    doubtful: list[str]
    warnings: list[str]


class LetterPage(Shape):
    items: list[LetterListed]
    next: str | None


class PlaceShown(Shape):
    page: int
    box: Box = Field(description="Left, top, right, bottom in pixels of the upright page")


class LineShown(Shape):
    text: str | None = Field(description="Null without a reason: a value broken over two lines cannot be masked")
    box: Box
    score: float
    others: list[str]


class SheetShown(Shape):
    number: int
    kind: PageKind
    rotation: int
    width: int
    height: int
    dpi: int
    by: str
    warnings: list[str]
    lines: list[LineShown]


class FieldPlaced(FieldShown):
    places: list[PlaceShown]


class DoubtShown(Shape):
    value: str
    why: list[str]
    candidates: list[str]
    places: list[PlaceShown]


class LetterShown(Shape):
    item: int
    complaint: str | None
    received_at: datetime
    due: datetime | None
    state: ScanState
    pages: list[SheetShown]
    text: str
    fields: dict[str, FieldPlaced] = Field(description="Of the complaint, with their places in this letter")
    doubts: dict[str, DoubtShown]
    codes: list[str]
    marks: list[str]
    engine: str
    settings: dict[str, str]


class PostingShown(Shape):
    id: str
    complaint: str
    kind: str
    state: PostState
    addressee: str
    address: str
    pages: int
    sha256: str
    tracking_number: str
    printed_at: datetime
    posted_at: datetime | None
    ended_at: datetime | None


class PostPage(Shape):
    items: list[PostingShown]
    next: str | None


class Moved(Shape):
    id: str
    state: PostState | None = Field(description="As it is now; null: there is no such letter")
    problem: str = Field(description="Code of what stood against it; empty: done")


class MovedTogether(Shape):
    items: list[Moved]
