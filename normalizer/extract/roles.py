"""For whom the writer speaks: self, agent, heir, guardian, organisation."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules
from normalizer.sieve import Sieve, first
from normalizer.text import Found

KINDS = ("organisation", "proxy", "self", "heir", "guardian", "agent")
RECORD = {"guardian": "legal_representative", "proxy": "agent"}
COMMISSIONED = re.compile(r"受[^，。\n]{1,16}委托|律师")


Patterns = dict[str, list[re.Pattern[str]]]


@cached_rule
def _alternatives() -> tuple[Sieve, list[tuple[str, re.Pattern[str]]]]:
    """(kind, pattern) in the order of the rules, with what tells which of them are worth trying."""
    data = rules("roles")
    written = [(kind, one.replace("{relatives}", data["relatives"])) for kind in KINDS for one in data[kind]]
    written.append(("dead", data["dead"]))
    return Sieve(one for _, one in written), [(kind, re.compile(one)) for kind, one in written]


def party_role(text: str, *, died: bool, organisation: bool) -> Found | None:
    """The role that the text names; None when it names none (the customer then speaks for themself)."""
    may = _may(text)
    if not may:
        return None
    if organisation and (match := _first("organisation", may, text)):
        return _found("organisation", match)
    if match := _first("proxy", may, text):
        return _found("proxy", match)
    own = _first("self", may, text)
    if not own and (match := _heir(text, may, died=died)):
        return _found("agent", by) if (by := COMMISSIONED.search(text)) else _found("heir", match)
    for role in ("guardian", "agent"):
        if (role == "guardian" or not own) and (match := _first(role, may, text)):
            return _found(role, match)
    return None


def _may(text: str) -> Patterns:
    """The patterns of each kind that may match."""
    sieve, alternatives = _alternatives()
    may: Patterns = {}
    for number in sieve.passing(text):
        kind, pattern = alternatives[number]
        may.setdefault(kind, []).append(pattern)
    return may


def _first(kind: str, may: Patterns, text: str) -> re.Match[str] | None:
    return first(may[kind], text) if kind in may else None


def _heir(text: str, may: Patterns, *, died: bool) -> re.Match[str] | None:
    """Whose words of a relative's end may also mean that they left (走了) needs the flag that somebody died."""
    if not died and not _first("dead", may, text):
        return None
    match = _first("heir", may, text)
    return match if match and (died or _first("dead", may, match[0])) else None


def _found(role: str, match: re.Match[str]) -> Found:
    return Found(
        value=RECORD.get(role, role),
        start=match.start(),
        end=match.end(),
        rule=f"party_role.{role}",
        confidence=0.8,
    )
