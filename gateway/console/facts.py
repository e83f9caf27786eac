"""Facts that machines wrote down, by name and value, as people read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.console.wording import Wording
from normalizer.record import SHANGHAI

# In whose words the value of a fact is said.
ROOMS: Mapping[str, str] = {
    "path": "status", "status": "status", "roles": "role", "channel": "channel", "kind": "task", "reason": "task",
    "next": "channel", "party_role": "party", "priority": "priority",
}  # fmt: skip
FIELDS = frozenset({"fields", "items", "missing"})
MOMENT_CHARS = len("2026-11-23T09:30+00:00")  # shorter ones are days


def deed_in_words(action: str, detail: Mapping[str, Any], t: Wording) -> Iterator[tuple[str, str]]:
    """What stands beside a deed in the audit trail: names and values; what says nothing is left out."""
    for name, value in detail.items():
        if value not in (None, "", [], {}):
            yield _named("audit", f"fact_{name}", t), _value(action, name, value, t)


def state_in_words(facts: Mapping[str, str], t: Wording) -> Iterator[tuple[str, str]]:
    """What a channel tells of itself."""
    for name, value in facts.items():
        yield _named("channels", f"fact_{name}", t), _said(value, lambda word: _named("channels", f"value_{word}", t))


def _value(action: str, name: str, value: object, t: Wording) -> str:
    if isinstance(value, list):
        return t("moment.and").join(_value(action, name, each, t) for each in value) or "—"
    if isinstance(value, bool):
        return t("audit.yes" if value else "audit.no")
    if isinstance(value, str):
        return _said(value, lambda word: _word(action, name, word, t))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _word(action: str, name: str, word: str, t: Wording) -> str:
    """By the words of the fact, of the deed, or of the trail; what people wrote stays as it is."""
    if name in FIELDS:
        return _named("ticket", f"field_{word}", t)
    if name in ROOMS and (found := t.code(ROOMS[name], word)) != word:
        return found
    deed = "delivery" if action in ("letter", "try_again") else action
    for room, key in (("moment", f"{deed}_{word}"), ("ticket", f"approval_{word}"), ("audit", f"value_{word}")):
        if (found := t.code(room, key)) != key:
            return found
    return word


def _named(room: str, key: str, t: Wording) -> str:
    """The words of a code with the kind of code before it, or the code alone."""
    found = t.code(room, key)
    return found if found != key else key.partition("_")[2]


def _said(value: str, word: Callable[[str], str]) -> str:
    """A moment in Shanghai time, or a word."""
    if len(value) >= MOMENT_CHARS and value[:4].isdigit():
        try:
            return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            pass
    return word(value)
