"""What a form of the ticket page said: plain texts, kept short, as untrusted as everything else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from multidict import MultiMapping

from normalizer.record import SHANGHAI

LONGEST = 20_000


class Lacking(ValueError):
    """A field that must say something says nothing, or nothing that we can read; the argument is its name."""


@dataclass(frozen=True, slots=True)
class Form:
    given: MultiMapping[Any]

    def text(self, name: str) -> str:
        return str(self.given.get(name, ""))[:LONGEST].replace("\r\n", "\n").strip()

    def needed(self, name: str) -> str:
        """Raises Lacking."""
        if not (text := self.text(name)):
            raise Lacking(name)
        return text

    def one_of(self, name: str, known: Collection[str]) -> str:
        """Raises Lacking."""
        if (text := self.text(name)) not in known:
            raise Lacking(name)
        return text

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self.given.getall(name, ()))

    def ticked(self, name: str) -> bool:
        return self.text(name) == "1"

    def id(self, name: str) -> int:
        """Raises Lacking."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < 18):
            raise Lacking(name)
        return int(text)

    def day(self, name: str) -> date:
        """Raises Lacking."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise Lacking(name) from None

    def moment(self, name: str) -> datetime:
        """Of a datetime-local field, Shanghai time. Raises Lacking."""
        try:
            return datetime.fromisoformat(self.text(name)).replace(tzinfo=SHANGHAI)
        except ValueError:
            raise Lacking(name) from None

    def kept(self) -> dict[str, Any]:
        """What was typed, to be shown again beside what was wrong with it."""
        return {name: self.text(name) for name in self.given if name not in ("csrf", "item")} | {
            "item": self.all("item")
        }
