"""Which values of a letter a person must look at, and why: all that are not both the only ones and vouched for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from normalizer.record import Complaint, Field, Method, Scan, Submission, nothing
from normalizer.seen import evidence, people
from normalizer.seen.looks import plain
from normalizer.seen.places import Place, where
from normalizer.seen.reasons import Judgement, Why
from normalizer.seen.rivals import proposed, rivals
from normalizer.seen.trouble import troubled, whole
from normalizer.seen.unread import Unread, unread
from normalizer.text import Reading, read

JUDGED = (
    "complainant_name",
    "phone",
    "email",
    "id_number",
    "policy_number",
    "claim_number",
    "address",
    "uscc",
    "bank_card",
)
TEXT = "text"  # the name under which the whole letter is doubtful
EXPECTED = ("complainant_name", "phone", "id_number", "policy_number")  # what most letters give
VOUCHED = (Method.STAFF, Method.DIRECTORY)
MOST = 5  # candidates offered


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A value that a person must compare with the paper; ``value`` is empty where none was found.

    ``why`` are codes (Why), ``candidates`` what it may be instead, the likeliest first, as they would stand in the
    record or, of what was never read, as they stand on paper.
    """

    name: str
    value: str
    why: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


def doubtful(
    record: Complaint, submission: Submission, known: Mapping[str, str] = MappingProxyType({})
) -> Mapping[str, Doubt]:
    """By field name; nothing for what did not come on paper. ``known`` are values that the insurer's files confirm."""
    if submission.scan is None:
        return nothing()
    doubts = {one.name: one for one in _doubts(record, submission, submission.scan)}
    return MappingProxyType({name: one for name, one in doubts.items() if not _is_known(one, known)})


def _is_known(doubt: Doubt, known: Mapping[str, str]) -> bool:
    confirmed = known.get(doubt.name, "")
    return bool(confirmed) and plain(doubt.name, confirmed) == plain(doubt.name, doubt.value)


def _doubts(record: Complaint, submission: Submission, scan: Scan) -> Iterator[Doubt]:
    """Later ones of a name say more than earlier ones."""
    reading = read(submission)
    yield from _lacking(record, scan)
    yield from (_never_read(one, scan) for one in unread(record, reading))
    for name in JUDGED:
        if (field := record.fields.get(name)) and _came_with(field, submission):
            yield from _judged(name, field, record, submission.text, scan, reading)


def _came_with(field: Field, submission: Submission) -> bool:
    return field.method not in VOUCHED and field.item in ("", submission.key)


def _judged(name: str, field: Field, record: Complaint, text: str, scan: Scan, reading: Reading) -> Iterator[Doubt]:
    others = rivals(name, field, record)
    seen = evidence.judged(name, field, text, scan)
    person = people.judged(record, field, reading) if name == "complainant_name" else Judgement([], [])
    why = [*([Why.SEVERAL] if others else []), *seen.why, *person.why]
    if why:
        values = [one.value for one in (*others, *proposed(name, record))]
        spans = [one.span for one in (field, *others) if one.span]
        places = [place for span in spans for place in where(scan, span)]
        yield _doubt(name, field.value, why, [*values, *seen.candidates, *person.candidates], places)


def _lacking(record: Complaint, scan: Scan) -> Iterator[Doubt]:
    """What may stand where nobody could read."""
    places = [whole(page) for page in troubled(scan)]
    lacking = [name for name in EXPECTED if places and not record.value(name)]
    for name in [*lacking, *([TEXT] if places else [])]:
        yield _doubt(name, "", [Why.PAGE_TROUBLE], [], places)


def _never_read(number: Unread, scan: Scan) -> Doubt:
    seen = evidence.looked_at(number.name, scan, number.span)
    return _doubt(number.name, "", [number.why], [number.written, *seen.candidates], where(scan, number.span))


def _doubt(name: str, value: str, why: Sequence[Why], candidates: Sequence[str], places: Sequence[Place]) -> Doubt:
    offered = [one for one in dict.fromkeys(candidates) if one and one != value]
    return Doubt(
        name=name,
        value=value,
        why=tuple(dict.fromkeys(why)),
        candidates=tuple(offered[:MOST]),
        places=tuple(dict.fromkeys(places)),
    )
