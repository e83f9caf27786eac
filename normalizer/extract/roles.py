"""For whom the writer speaks: self, agent, heir, guardian, organisation."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules
from normalizer.sieve import first
from normalizer.text import Found

KINDS = ("organisation", "proxy", "self", "heir", "guardian", "agent")
RECORD = {"guardian": "legal_representative", "proxy": "agent"}
COMMISSIONED = re.compile(r"受[^，。\n]{1,16}委托|律师")


Patterns = dict[str, list[re.Pattern[str]]]


@cached_rule
def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """(kind, pattern) in the order of the rules."""
    data = rules("roles")
    written = [(kind, one.replace("{relatives}", data["relatives"])) for kind in KINDS for one in data[kind]]
    written.append(("dead", data["dead"]))
    return [(kind, re.compile(one)) for kind, one in written]


def party_role(text: str, passing: list[int], *, died: bool, organisation: bool) -> Found | None:
    """The role that the text names; None when it names none (the customer then speaks for themself). ``passing``:
    numbers of the patterns that may match."""
    if not passing:
        return None
    may = _may(passing)
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


def _may(passing: list[int]) -> Patterns:
    alternatives = patterns()
    may: Patterns = {}
    for number in passing:
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
