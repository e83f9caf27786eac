"""Letters of a batch that were read with it, until they are handed over: a page is not read twice without need."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.letter.limits import Limits
from channels.letter.ports import ReadLetter
from normalizer.record import Scan, ScanPage


@dataclass(frozen=True, kw_only=True, slots=True)
class OneLetter:
    """A letter as if its file held nothing else: its pages count from 1."""

    pages: Sequence[ScanPage]
    text: str
    slip: str
    scan: Scan


def by_itself(letter: ReadLetter) -> OneLetter:
    """As it is read again from the pages that were cut out for it."""
    pages = tuple(replace(page, number=number) for number, page in enumerate(letter.pages, 1))
    return OneLetter(pages=pages, text=letter.text, slip=letter.slip, scan=replace(letter.scan, pages=pages))


class Held:
    """Bounded; the oldest give way, and are read again when their turn comes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._letters: OrderedDict[str, OneLetter] = OrderedDict()
        self._bytes = 0

    def put(self, key: str, letter: OneLetter) -> None:
        self.take(key)
        self._letters[key] = letter
        self._bytes += _size(letter)
        while len(self._letters) > self._limits.held or self._bytes > self._limits.held_bytes:
            self.take(next(iter(self._letters)))

    def take(self, key: str) -> OneLetter | None:
        """The letter, which is not held from now on."""
        found = self._letters.pop(key, None)
        self._bytes -= _size(found) if found else 0
        return found


def _size(letter: OneLetter) -> int:
    return sum(len(page.image) for page in letter.pages)
