"""What the gateway asks of a recogniser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a recogniser made of a recording."""

    text: str
    confidence: float | None = None  # None: it does not say


class Transcriber(Protocol):
    """Turns one recording into text."""

    @property
    def name(self) -> str:
        """Which model, for the audit trail."""
        ...

    async def words_of(self, content: bytes, media_type: str, name: str, language: str) -> Heard:
        """What is said in a recording. Raises Again or Never; never takes longer than its time limit."""
        ...

    async def aclose(self) -> None: ...
