"""What somebody may mean by the words in the search box: a number of ours, an identifier, or words of a complaint."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gateway.staff.field_values import phone_of
from normalizer.extract.runs import id_is_valid
from normalizer.number import parse_number
from store.terms import folded

MAX_CHARS = 200
IDENTIFIER = re.compile(r"[0-9A-Z][0-9A-Z./_-]{3,63}")
DIGIT = re.compile(r"\d")
NAME = re.compile(r"[\u3400-\u9fff·]{2,12}|[A-Z][A-Z .'-]{1,60}")
PHONE_WRITTEN = re.compile(r"[+()\d][\d ()+-]{4,24}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """``number`` is a complaint's own; ``exact`` pairs of kind and value, any of which may fit; ``words`` folded."""

    number: str = ""
    exact: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.number or self.exact or self.words)


def sought(written: str) -> Sought:
    """Read the search box. What can only be an identifier is not looked for among words."""
    text = " ".join(unicodedata.normalize("NFKC", written[:MAX_CHARS]).split())
    compact = text.replace(" ", "").upper()
    if number := _number(compact):
        return Sought(number=number)
    if phone := _phone(text):
        return Sought(exact=(("phone", phone),))
    if "@" in text:
        return Sought(exact=(("email", text),))
    if id_is_valid(compact):
        return Sought(exact=(("id_number", compact), ("policy_number", compact), ("claim_number", compact)))
    return Sought(exact=tuple(_maybe(text, compact)), words=tuple(folded(text).split()))


def _number(compact: str) -> str:
    """Only where nothing else is written: a number in a sentence is no request for that ticket."""
    return (parse_number(compact) or "") if len(compact) in (12, 14) else ""


def _phone(text: str) -> str:
    return phone_of(text) if PHONE_WRITTEN.fullmatch(text) else ""


def _maybe(text: str, compact: str) -> list[tuple[str, str]]:
    found = []
    if IDENTIFIER.fullmatch(compact) and DIGIT.search(compact):
        found += [("policy_number", compact), ("claim_number", compact), ("id_number", compact)]
    if NAME.fullmatch(text.upper()):
        found.append(("name", text))
    return found
