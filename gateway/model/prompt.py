"""The two messages that a model gets: what we want, and the customer's words as data."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from normalizer.proposals.accepting import CODES, FLAG, PRIORITY, codes
from normalizer.proposals.hiding import Masked
from normalizer.rulebook import rules

ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("field", "value", "quote")},
    "required": ["field", "value", "quote"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"proposals": {"type": "array", "items": ITEM}},
    "required": ["proposals"],
    "additionalProperties": False,
}

# How the reply's form is asked for, the strictest first; not every server knows every one.
FORMS: tuple[dict[str, Any], ...] = (
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "proposals", "strict": True, "schema": SCHEMA},
        }
    },
    {"response_format": {"type": "json_object"}},
    {},
)


def messages(masked: Masked, asked_for: Sequence[str]) -> list[dict[str, str]]:
    """System and user message; in JSON no quotation mark or heading of the customer's can end the data."""
    told = json.dumps({"asked_for": list(asked_for), "text": masked.text}, ensure_ascii=False)
    return [{"role": "system", "content": _system(tuple(asked_for))}, {"role": "user", "content": told}]


def _system(asked_for: tuple[str, ...]) -> str:
    prompt = _prompt()
    fields = "\n".join(f"- {name}: {prompt['fields'][name]}" for name in asked_for)
    listed = [name for name in (*CODES, FLAG, PRIORITY) if name in asked_for]
    text: str = prompt["system"]
    return text.format(fields=fields, codes="\n".join(f"- {name}: {_named(name)}" for name in listed)).strip()


def _named(field: str) -> str:
    names = {each["code"]: each.get("name", "") for each in rules("categories")["detail"]}
    return ", ".join(f"{code} {names[code]}".strip() if code in names else code for code in codes(field))


@cache
def _prompt() -> dict[str, Any]:
    return tomllib.loads(files("gateway.model").joinpath("prompt.toml").read_text(encoding="utf-8"))
