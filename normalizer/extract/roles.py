"""For whom the writer speaks: self, agent, heir, guardian, organisation."""

from __future__ import annotations

import re

from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found

ORDER = ("organisation", "heir", "guardian", "agent")
RECORD = {"guardian": "legal_representative"}


@cached_rule
def _patterns() -> dict[str, re.Pattern[str]]:
    data = rules("roles")
    return {
        role: re.compile("|".join(p.replace("{relatives}", data["relatives"]) for p in data[role])) for role in ORDER
    }


def party_role(text: str, *, died: bool, organisation: bool) -> Found | None:
    """The role that the text names; None when it names none (the customer then speaks for themself)."""
    patterns = _patterns()
    if organisation and (match := patterns["organisation"].search(text)):
        return _found("organisation", match)
    if died and (match := patterns["heir"].search(text)):
        return _found("agent", by) if (by := re.search(r"受[^，。\n]{1,16}委托|律师", text)) else _found("heir", match)
    for role in ("agent", "guardian"):
        if match := patterns[role].search(text):
            return _found(RECORD.get(role, role), match)
    return None


def _found(role: str, match: re.Match[str]) -> Found:
    return Found(value=role, start=match.start(), end=match.end(), rule=f"party_role.{role}", confidence=0.8)
