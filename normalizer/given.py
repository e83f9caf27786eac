"""A filled form: each value is the reply to the question of that name, and what happened is told in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from normalizer import heard as bare
from normalizer.merge import merge_field
from normalizer.record import Complaint, Field, Heard, Intent, Method, Submission, nothing
from normalizer.text import fold

LANGUAGE, ROLE = "language", "party_role"
LANGUAGES = frozenset({"zh-Hans", "zh-Hant", "en"})
ROLES = frozenset({"self", "agent", "heir", "organisation", "legal_representative"})
RULE = "given.form"
# What stands in a field of its own is its value, however unusual; numbers must be what they are said to be.
WHOLE = frozenset({"complainant_name", "respondent", "request", "reason", "address"})
NAME = re.compile(r"[^\W\d_][^\d<>@]{0,39}")
ORDER = ("complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "address")


class Reader(Protocol):
    """Reads words as they stand, as the reply to a question where there was one."""

    def __call__(self, submission: Submission, so_far: Complaint | None, asked: str | None) -> Complaint: ...


def read_form(submission: Submission, so_far: Complaint | None, read: Reader) -> Complaint:
    """The record after a form; a value that no reader takes is left out, and stands in the item as it was typed."""
    record = read(submission, so_far, "matter") if submission.text else (so_far or Complaint())
    said = [record.heard] if submission.text else []
    record = _in_their_language(_with_role(record, submission), submission.given)
    for name, words in _in_order(submission.given):
        record = _answered(record, submission, name, words, read)
        said.append(record.heard)
    return replace(record, heard=_together(said, submission.text))


def _in_order(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who and where first: a request may speak of both."""
    first = [(name, given[name]) for name in ORDER if name in given]
    return first + [(name, words) for name, words in given.items() if name not in (*ORDER, LANGUAGE, ROLE)]


def _answered(record: Complaint, submission: Submission, name: str, words: str, read: Reader) -> Complaint:
    alone = replace(submission, text=words, subject="", given=nothing())
    after = read(alone, record, name)
    found = after.fields.get(name)
    if found is not None and not _cut(name, words) and (name in after.heard.fields or _same(found.value, words)):
        return _only(record, after, name)
    if name in WHOLE and _says_something(name, words):
        return _taken_whole(record, after, submission, name, words)
    return replace(after, fields=record.fields, heard=Heard())


def _only(before: Complaint, after: Complaint, name: str) -> Complaint:
    """A field tells of itself alone: the name of a clerk in 投诉对象 is nobody's own, a number in 诉求 no telephone."""
    kept = {other: found for other, found in after.fields.items() if other in _MAY_MOVE or other == name}
    heard = replace(after.heard, fields=after.heard.fields & {name}, corrected=after.heard.corrected & {name})
    return replace(after, fields={**before.fields, **kept}, heard=heard)


_MAY_MOVE = frozenset({"category", "category_detail", "product", "priority"})


def _taken_whole(record: Complaint, after: Complaint, submission: Submission, name: str, words: str) -> Complaint:
    value = " ".join(words.split())
    typed = Field(value=value, source=words, method=Method.ANSWER, confidence=0.9, rule=RULE, item=submission.key)
    stands, _ = merge_field(name, record.fields.get(name), typed, correcting=True)
    missing = tuple(each for each in after.missing if each != name)
    fields = {**record.fields, name: stands}
    return replace(after, fields=fields, missing=missing, heard=Heard(fields=frozenset({name})))


def _cut(name: str, words: str) -> bool:
    """John O'Neil: the readers of names know the ends of Chinese ones."""
    return name == "complainant_name" and words.isascii() and bool(NAME.fullmatch(words.strip()))


def _says_something(name: str, words: str) -> bool:
    text = fold(words).strip()
    if name == "complainant_name" and not NAME.fullmatch(text):
        return False
    return len(text) > 1 and not bare.declined(text) and not bare.says_nothing(text)


def _with_role(record: Complaint, submission: Submission) -> Complaint:
    role = submission.given.get(ROLE, "")
    if role not in ROLES:
        return record
    chosen = Field(value=role, source=role, method=Method.ANSWER, rule=RULE, item=submission.key)
    known = record.fields.get(ROLE)
    return record if known and known.method is Method.STAFF else record.with_field(ROLE, chosen)


def _in_their_language(record: Complaint, given: Mapping[str, str]) -> Complaint:
    """That of the page, whatever the names and numbers in it look like."""
    wanted = given.get(LANGUAGE, "")
    return replace(record, language=wanted) if wanted in LANGUAGES else record


def _together(said: list[Heard], text: str) -> Heard:
    """What all fields of the form said; whoever fills in a form complains, or adds to what they complained of."""
    fields = frozenset[str]().union(*(each.fields for each in said))
    corrected = frozenset[str]().union(*(each.corrected for each in said))
    first = said[0] if said and text else Heard()
    intent = Intent.COMPLAINT if text else Intent.SUPPLEMENT
    return replace(first, intent=intent, rule=RULE, fields=fields, corrected=corrected, declined="")


def _same(one: str, other: str) -> bool:
    return "".join(fold(one).split()).casefold() == "".join(fold(other).split()).casefold()
