"""Bytes become other bytes, as damage, haste and malice make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

ODD = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\r\n",
    b"\n\n",
    "　".encode(),
    b"\xfe\xff",
)
NUMBERS = (b"0", b"-1", b"1e999", b"NaN", b"4294967296", b"18446744073709551616", b"9" * 40, "１２".encode(), b"0x7f")
DIGITS = re.compile(rb"\d+")
MOST_AT_ONCE = 6


class Mutator:
    """``words`` are pieces that mean something to the parser; ``largest`` is in bytes."""

    def __init__(self, random: Random, words: Sequence[bytes], largest: int) -> None:
        self._random = random
        self._words = (*words, *ODD)
        self._largest = largest
        self._ways: tuple[Callable[[bytes], bytes], ...] = (
            self._flip,
            self._set,
            self._insert,
            self._insert,
            self._remove,
            self._double,
            self._cut_off,
            self._number,
            self._swell,
        )

    def mutated(self, data: bytes, pool: Sequence[bytes]) -> bytes:
        """Some changes at once, now and then with the end of another."""
        random = self._random
        if random.random() < 0.1:
            other = random.choice(pool)
            data = data[: self._place(data)] + other[self._place(other) :]
        for _ in range(random.randint(1, MOST_AT_ONCE)):
            data = random.choice(self._ways)(data)
        return data[: self._largest]

    def _place(self, data: bytes) -> int:
        """Often near the beginning, where heads are."""
        return min(self._random.randint(0, len(data)), self._random.choice((len(data), 64, 512)))

    def _flip(self, data: bytes) -> bytes:
        return self._at(data, lambda byte: byte ^ 1 << self._random.randrange(8))

    def _set(self, data: bytes) -> bytes:
        return self._at(data, lambda byte: self._random.randrange(256))

    def _at(self, data: bytes, change: Callable[[int], int]) -> bytes:
        if not data:
            return b"\0"
        place = min(self._place(data), len(data) - 1)
        return data[:place] + bytes([change(data[place])]) + data[place + 1 :]

    def _insert(self, data: bytes) -> bytes:
        place = self._place(data)
        return data[:place] + self._random.choice(self._words) + data[place:]

    def _remove(self, data: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + data[end:]

    def _double(self, data: bytes) -> bytes:
        start, end = self._span(data)
        return data[:end] + data[start:end] + data[end:]

    def _cut_off(self, data: bytes) -> bytes:
        return data[: self._place(data)]

    def _number(self, data: bytes) -> bytes:
        found = list(DIGITS.finditer(data))
        if not found:
            return self._set(data)
        one = self._random.choice(found)
        return data[: one.start()] + self._random.choice(NUMBERS) + data[one.end() :]

    def _swell(self, data: bytes) -> bytes:
        """A thing that is harmless once, very often."""
        place, word = self._place(data), self._random.choice(self._words)
        return data[:place] + word * self._random.choice((9, 70, 600, 5000)) + data[place:]

    def _span(self, data: bytes) -> tuple[int, int]:
        start = self._place(data)
        return start, min(len(data), start + self._random.choice((1, 2, 4, 8, 64, 512)))
