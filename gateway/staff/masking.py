"""What staff see of a person's data before they give a reason: values of the record, alone and inside words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Protocol

from normalizer.extract.numerals import DIGITS
from normalizer.mask import HIDDEN, mask_address, mask_email, mask_id, mask_name, mask_number, mask_phone, mask_plate
from normalizer.normalize import normalize
from normalizer.record import NOBODY, Complaint, Contact, ContactKind, Field, Method, Submission
from normalizer.text import fold
from store.values import Case

Masker = Callable[[str], str]

# Field of the record → how it is shown.
MASKS: Mapping[str, Masker] = {
    "complainant_name": mask_name,
    "organisation": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "id_number": mask_id,
    "uscc": mask_number,
    "policy_number": mask_number,
    "claim_number": mask_number,
    "plate": mask_plate,
    "bank_card": mask_number,
    "address": mask_address,
}
CONTACT_FIELDS: Mapping[ContactKind, str] = {ContactKind.PHONE: "phone", ContactKind.EMAIL: "email"}
NAMES = frozenset({"complainant_name", "organisation"})
CLERK = "staff"  # acts in office and is what the complaint is about: whoever handles it must know who is meant
SPOKEN = frozenset({Method.RULE, Method.ANSWER})  # how a value was found when its source is the customer's own words

SHORTEST_NAME, SHORTEST = 2, 4  # a shorter value stands in too many words that do not mean it
SEPARATORS = frozenset(" \t\r\n-._,，、()·/\\*")
OPAQUE = re.compile(r"[0-9a-f]{32,64}")  # our own ids and hashes: a hidden digit would break them
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# What looks like personal data whether the record has it or not: another person's, or a number that was replaced.
LOOKS: tuple[tuple[re.Pattern[str], Masker], ...] = (
    (re.compile(r"[A-Z0-9][A-Z0-9._%+-]{0,63}@[A-Z0-9][A-Z0-9.-]{0,100}\.[A-Z]{2,24}"), mask_email),
    (re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dX](?!\d)"), mask_id),
    (re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"), mask_number),
    (re.compile(r"(?<!\d)\d{13,}X?"), mask_number),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), mask_phone),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?|0)\d{2,3}[ -]?\d{7,8}(?!\d)"), mask_phone),
    (re.compile(r"(?<!\d)\(0\d{2,3}\)[ -]?\d{7,8}(?!\d)"), mask_phone),
)


class Mask(Protocol):
    """How the values and words of one case are shown."""

    def value(self, name: str, value: str) -> str:
        """A value of the record, by the name of its field."""
        ...

    def text(self, text: str) -> str:
        """Words in which values of the record may stand."""
        ...

    def contact(self, contact: Contact) -> str:
        """An address by which a person is told; nothing for a visit, whose id is nobody's address."""
        ...


class Plain:
    """Everything as it is: for whoever gave a reason."""

    def value(self, name: str, value: str) -> str:
        return value

    def text(self, text: str) -> str:
        return text

    def contact(self, contact: Contact) -> str:
        return "" if contact.kind is ContactKind.VISIT else contact.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Secret:
    """A value to be hidden wherever it stands: its compact spelling, and what is shown in its place."""

    compact: str
    shown: str
    whole_words: bool = False  # a short Latin name stands inside other words


class Masked:
    """The values of a record hidden, in whatever spelling; and whatever else looks like personal data."""

    def __init__(self, record: Complaint = Complaint(), contact: Contact = NOBODY) -> None:  # noqa: B008 a frozen value
        self._record, self._contact = record, contact
        self._shown: dict[str, str] = {}  # the same words stand in the matter, its source and the timeline

    @classmethod
    def of(cls, case: Case) -> Masked:
        """For all that belongs to one case."""
        return cls(case.record, case.contact)

    @classmethod
    def alone(cls, words: str, at: datetime) -> Masked:
        """For a person's words that belong to no case: what the normalizer finds in them is hidden."""
        return cls(normalize(Submission(channel="", key="", sender=NOBODY, received_at=at, text=words)))

    @cached_property
    def _secrets(self) -> tuple[Secret, ...]:
        unique = {secret.compact: secret for secret in _secrets(self._record, self._contact)}
        return tuple(unique.values())

    def value(self, name: str, value: str) -> str:
        masker = MASKS.get(name)
        return masker(value) if masker else self.text(value)

    def text(self, text: str) -> str:
        if not text or OPAQUE.fullmatch(text):
            return text
        if text not in self._shown:
            folded = _folded(text)
            self._shown[text] = _covered(text, [*self._known(folded), *_looking(folded)])
        return self._shown[text]

    def contact(self, contact: Contact) -> str:
        return "" if contact.kind is ContactKind.VISIT else _shown_contact(contact)

    def _known(self, folded: str) -> Iterator[Span]:
        places = [place for place, character in enumerate(folded) if character not in SEPARATORS]
        compact = "".join([folded[place] for place in places])
        for secret in self._secrets:
            start = compact.find(secret.compact)
            while start >= 0:
                end = start + len(secret.compact)
                span = (places[start], places[end - 1] + 1, secret.shown)
                if not secret.whole_words or _stands_alone(folded, span):
                    yield span
                start = compact.find(secret.compact, end)


Span = tuple[int, int, str]  # from, to, what is shown there


def masked_data(mask: Mask, data: Any) -> Any:
    """A JSON value with every text in it shown through ``mask``; keys and numbers are ours and stay."""
    if isinstance(data, str):
        return mask.text(data)
    if isinstance(data, Mapping):
        return {str(key): masked_data(mask, value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [masked_data(mask, value) for value in data]
    return data


def _secrets(record: Complaint, contact: Contact) -> Iterator[Secret]:
    for name, masker in MASKS.items():
        held = [record.fields[name]] if name in record.fields else []
        for field in (*held, *record.others.get(name, ())):
            yield from _of_field(name, field, masker)
    for person in record.people:
        if person.role != CLERK:
            yield from _of_field("complainant_name", person, mask_name)
    if contact:
        yield from _spellings(CONTACT_FIELDS.get(contact.kind, ""), contact.value, _shown_contact(contact))


def _shown_contact(contact: Contact) -> str:
    return MASKS[CONTACT_FIELDS.get(contact.kind, "claim_number")](contact.value)


def _of_field(name: str, field: Field, masker: Masker) -> Iterator[Secret]:
    shown = masker(field.value)
    yield from _spellings(name, field.value, shown)
    # Words that spell the value in a way of their own (an address in other order, a number half in words).
    if field.method in SPOKEN and _compact(field.value) not in _compact(field.source):
        yield from _spellings(name, field.source, shown)


def _spellings(name: str, value: str, shown: str) -> Iterator[Secret]:
    compact = _compact(value)
    if name == "phone":
        compact = compact.removeprefix("+86")
    if len(compact) >= (SHORTEST_NAME if name in NAMES else SHORTEST):
        yield Secret(compact=compact, shown=shown, whole_words=name in NAMES and compact.isascii())
    street = value.removeprefix(shown.rstrip(HIDDEN)) if name == "address" else ""
    if SHORTEST <= len(_compact(street)) < len(compact):
        yield Secret(compact=_compact(street), shown=HIDDEN * 4)


@cache
def _digits_and_capitals() -> dict[int, str]:
    return {ord(word): digit for word, digit in DIGITS.items()} | {ord(c): c.upper() for c in LETTERS}


def _folded(text: str) -> str:
    """The form in which spellings are compared, character for character: 壹３捌 → 138, 張 → 张, a → A."""
    return fold(text).translate(_digits_and_capitals())


def _compact(text: str) -> str:
    return "".join([character for character in _folded(text) if character not in SEPARATORS])


def _stands_alone(folded: str, span: Span) -> bool:
    before, after = folded[: span[0]][-1:], folded[span[1] :][:1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _looking(folded: str) -> Iterator[Span]:
    for pattern, masker in LOOKS:
        for match in pattern.finditer(folded):
            yield match.start(), match.end(), masker(re.sub(r"[ ()-]", "", match[0]).lower())


def _covered(text: str, spans: list[Span]) -> str:
    """The text with its spans replaced; spans that overlap are hidden as one."""
    pieces, done = list[str](), 0
    for start, end, shown in _apart(sorted(spans, key=lambda span: (span[0], -span[1]))):
        pieces += [text[done:start], shown]
        done = end
    return "".join([*pieces, text[done:]])


def _apart(spans: list[Span]) -> list[Span]:
    kept = spans[:1]
    for span in spans[1:]:
        last = kept[-1]
        if span[0] >= last[1]:
            kept.append(span)
        elif span[1] > last[1]:
            kept[-1] = (last[0], span[1], HIDDEN * 4)
    return kept
