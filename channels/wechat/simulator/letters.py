"""The XML that WeChat posts for each thing a person does."""

from __future__ import annotations

from collections.abc import Mapping

NUMBERS = frozenset({"CreateTime", "MsgId", "MsgID", "Location_X", "Location_Y", "Scale", "PopupScene"})


def letter(fields: Mapping[str, object]) -> str:
    """``<xml>`` with its fields; a mapping nests, a list repeats."""
    return f"<xml>{_parts(fields)}</xml>"


def _parts(fields: Mapping[str, object]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, part) for part in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_parts(value)}</{name}>"
    text = str(value)
    if name in NUMBERS:
        return f"<{name}>{text}</{name}>"
    return f"<{name}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
