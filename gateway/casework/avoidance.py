"""Avoidance (回避, 令2020年第3号 Art 17): whom a complaint is about neither handles it nor learns of it."""

from __future__ import annotations

from collections.abc import Iterable

from normalizer.record import Complaint
from normalizer.text import fold

SHORTEST = 2  # a name of one character stands in too many words
STAFF = "staff"  # role of a person of ours who is named


def is_about(record: Complaint, *, name: str, branches: Iterable[str] = ()) -> bool:
    """Does the complaint name this person of ours, or one of these branches?"""
    named = {fold(person.value) for person in record.people if person.role == STAFF}
    told = fold(record.value("respondent"))
    me = fold(name)
    if len(me) >= SHORTEST and (me in named or me in told):
        return True
    return any(len(branch) >= SHORTEST and fold(branch) in told for branch in branches)
