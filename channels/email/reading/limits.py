"""How much of a mail we are willing to look at; what lies beyond is kept raw and named in a warning.

Each number stops one bomb that was tried out (shared notes on e-mail, 3.1): 20,000 tiny parts, 2,000 nested parts, 8,000
encoded words, 20,000 addresses, 100,000 headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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

    @contextmanager
    def instead_of_raising(self, stage: str) -> Iterator[None]:
        """Turn whatever goes wrong within into one warning: a mail is read as far as it goes."""
        try:
            yield
        except MemoryError:
            raise  # the worker's own limit: it must end and be replaced
        except Exception as error:
            self.add(f"unreadable_{stage}:{type(error).__name__}")
