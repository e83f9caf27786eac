"""Avoidance (回避, 令2020年第3号 Art 17): whom a complaint is about neither handles it nor learns of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from normalizer.record import Complaint
from normalizer.text import fold
from store.terms import CLERK

SHORTEST = 2  # a name of one character stands in too many words
RESPONDENT = "respondent"
NOBODY = Complaint()


def is_about(record: Complaint, *, name: str, branches: Iterable[str] = ()) -> bool:
    """Does the complaint name this person of ours, or one of these branches?"""
    named = {fold(person.value) for person in record.people if person.role == CLERK}
    told = fold(record.value(RESPONDENT))
    me = fold(name)
    if len(me) >= SHORTEST and (me in named or me in told):
        return True
    return any(len(branch) >= SHORTEST and fold(branch) in told for branch in branches)


def whom(record: Complaint) -> Complaint | None:
    """The record without all that does not matter here; None where it names nobody."""
    people = tuple(person for person in record.people if person.role == CLERK)
    told = record.fields.get(RESPONDENT)
    if told is None and not people:
        return None
    fields = {RESPONDENT: told} if told is not None else {}
    return replace(NOBODY, fields=MappingProxyType(fields), people=people)
