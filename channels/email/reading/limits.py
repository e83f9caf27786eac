"""How much of a mail we are willing to look at; what lies beyond is kept raw and named in a warning.

Each number stops one bomb that was tried out: 20,000 tiny parts, 2,000 nested parts, 8,000 encoded words, 20,000
addresses, 100,000 headers.
"""

from __future__ import annotations

from types import TracebackType

MAIL_BYTES = 50 * 1024 * 1024
HEADER_BYTES = 256 * 1024
HEADER_FIELDS = 1_000
HEADER_VALUE_BYTES = 32 * 1024
PARTS = 500
DEPTH = 20
ATTACHMENTS = 300
TEXT_CHARS = 2_000_000
HTML_CHARS = 2_000_000
REFERENCES = 50
SUBJECT_CHARS = 2_000
NAME_CHARS = 150
WARNINGS = 60


class Warnings:
    """What could not be read, in the order it was met; each said once, with no words of the customer in it."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def add(self, warning: str) -> None:
        if len(self._said) < WARNINGS:
            self._said.setdefault(warning)

    def all(self) -> tuple[str, ...]:
        return tuple(self._said)

    def __contains__(self, warning: str) -> bool:
        return warning in self._said

    def instead_of_raising(self, stage: str) -> Guard:
        """Turn whatever goes wrong within into one warning: a mail is read as far as it goes."""
        return Guard(self, stage)


class Guard:
    """The ``with`` of instead_of_raising. MemoryError passes: the worker's own limit, it must end and be replaced."""

    def __init__(self, warnings: Warnings, stage: str) -> None:
        self._warnings = warnings
        self._stage = stage

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, MemoryError):
            return False
        self._warnings.add(f"unreadable_{self._stage}:{type(error).__name__}")
        return True
