"""For whom the writer speaks: self, agent, heir, guardian, organisation."""

from __future__ import annotations

import re
from functools import cache

from normalizer.rulebook import rules
from normalizer.text import Found

ORDER = ("organisation", "heir", "guardian", "agent")
RECORD = {"guardian": "legal_representative"}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    data = rules("roles")
    return {
        role: re.compile("|".join(p.replace("{relatives}", data["relatives"]) for p in data[role])) for role in ORDER
    }


def party_role(text: str, *, died: bool, organisation: bool) -> Found | None:
    """The role that the text names; None when it names none (the customer then speaks for themself)."""
    matches = {role: pattern.search(text) for role, pattern in _patterns().items()}
    if organisation and (match := matches["organisation"]):
        return _found("organisation", match)
    if died and (match := matches["heir"]):
        return _found("agent", by) if (by := re.search(r"受[^，。\n]{1,16}委托|律师", text)) else _found("heir", match)
    for role in ("agent", "guardian"):
        if match := matches[role]:
            return _found(RECORD.get(role, role), match)
    return None


def _found(role: str, match: re.Match[str]) -> Found:
    return Found(value=role, start=match.start(), end=match.end(), rule=f"party_role.{role}", confidence=0.8)
