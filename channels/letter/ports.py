"""What the channel needs of those who read paper and those who print it, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from channels.letter.printing.values import PrintedLetter, ReplyLetter
from normalizer.record import Scan, ScanPage


class ReadLetter(Protocol):
    """One letter of a file as it was read."""

    @property
    def pages(self) -> Sequence[ScanPage]: ...

    @property
    def text(self) -> str: ...

    @property
    def slip(self) -> str:
        """What the code of a return slip says; empty: there is none."""
        ...

    @property
    def scan(self) -> Scan: ...


class ReadPaper(Protocol):
    """What a file holds."""

    @property
    def letters(self) -> Sequence[ReadLetter]: ...

    @property
    def pages(self) -> int: ...


class Reader(Protocol):
    """Who reads paper; raises Unreadable with plain words."""

    async def read(self, content: bytes) -> ReadPaper: ...

    async def cut(self, content: bytes, pages: Sequence[int]) -> bytes:
        """A file with these pages only, numbered from 1."""
        ...

    async def aclose(self) -> None: ...


class Printer(Protocol):
    """Who sets a letter in type; raises a DeliveryError."""

    async def print(self, letter: ReplyLetter) -> PrintedLetter: ...

    async def aclose(self) -> None: ...


class OutTray(Protocol):
    """Where printed letters wait for the mailroom; raises a DeliveryError."""

    async def find(self, id: str) -> PrintedLetter | None: ...

    async def lay(self, letter: ReplyLetter, printed: PrintedLetter, at: datetime) -> PrintedLetter:
        """The second time it is the first one that counts, and comes back."""
        ...


class Hints(Protocol):
    """Who says that something came into the folder; it may keep silent, so nobody relies on it."""

    @property
    def mode(self) -> str:
        """watching, or polling where nothing can be watched."""
        ...

    async def wait(self, seconds: float) -> None:
        """Until something came, or so long."""
        ...

    def close(self) -> None: ...
