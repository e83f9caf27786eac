"""What a timeline holds, in words: the codes of the house never stand before people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from channels.forms.submission import NAMES
from gateway.console.wording import Wording

# As gateway/intake/settle.py writes what stood in each field of a form.
FIELD = re.compile(rf"^\[({'|'.join(NAMES)})\] ", re.M)
ROLE = re.compile(r"^\[party_role\] (\w+)$", re.M)


def heard_in_words(text: str, t: Wording) -> str:
    """What a customer said; the fields of a form by their names."""
    text = ROLE.sub(lambda role: f"[party_role] {t.code('party', role[1])}", text)
    return FIELD.sub(lambda field: f"{t('ticket.field_' + field[1])}{t('moment.is')}", text)


def step_in_words(kind: str, text: str, data: Mapping[str, Any], t: Wording) -> str:
    """What happened in between; empty where its kind says all."""
    match kind:
        case "task":
            task, _, reason = text.partition(": ")
            done = t("moment.done") if data.get("state") == "done" else ""
            return " · ".join(filter(None, (t.code("task", task), _word("task", reason, t), done)))
        case "field":
            names = [text] if text else [str(name) for name in data.get("fields", ())]
            return t("moment.and").join(_field(name, t) for name in names)
        case "link":
            return t("moment.is").join(filter(None, (_word(kind, str(data.get("what") or ""), t), text)))
    return _word(kind, text, t)


def _word(kind: str, text: str, t: Wording) -> str:
    """A code of this kind; anything else is somebody's own words."""
    key = f"{kind}_{text.replace(' ', '_')}"
    found = t.code("moment", key)
    return found if found != key else t.code("task", text) if kind == "task" else text


def _field(name: str, t: Wording) -> str:
    found = t.code("ticket", f"field_{name}")
    return found if found != f"field_{name}" else name
