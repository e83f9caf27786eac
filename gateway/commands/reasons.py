"""An explained record as lines for a person: what was understood, from which words, by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Told = dict[str, Any]

SHOWN = 60  # characters of a value or of the words behind it


def reasons(id: str, text: str, explained: Told) -> str:
    """A block of lines: field, value, the words in 「」, rule and confidence; further words and values below."""
    return "\n".join([f"== {id}: {_short(text)}", *_lines(explained), ""])


def _lines(explained: Told) -> Iterator[str]:
    for name, told in explained.items():
        for one in told if isinstance(told, list) else [told]:
            yield from _field(name, one)


def _field(name: str, told: Told) -> Iterator[str]:
    if "value" in told:
        sure = f" {told['confidence']:.2f}" if "confidence" in told else ""
        yield f"{name:<18}{_short(told['value'])}  {_quoted(told.get('source', ''))}  {told['rule']}{sure}"
    if words := list(dict.fromkeys(_quoted(word["source"]) for word in told.get("words", ()))):
        yield f"{'':<18}  words: {' '.join(words)}"
    for other in told.get("others", ()):
        yield f"{'':<18}  beside: {_short(other['value'])}  {_beside(other)}"


def _beside(other: Told) -> str:
    words = dict.fromkeys(_quoted(word["source"]) for word in other.get("words", ()))
    return " ".join(words) if words else _quoted(other.get("source", ""))


def _quoted(words: str) -> str:
    return f"「{_short(words)}」" if words else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
