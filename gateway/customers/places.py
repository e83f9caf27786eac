"""Places for large bodies: each lies in memory while it is read, and nobody holds them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Full(Exception):
    """No place is free, or none for this address."""


@dataclass(kw_only=True, slots=True)
class Places:
    """So many at once, and so many of them for one address."""

    all: int
    of_one: int
    taken: Counter[str] = field(default_factory=Counter)  # by address

    @contextmanager
    def taken_by(self, address: str) -> Iterator[None]:
        """Hold one place. Raises Full."""
        if self.taken.total() >= self.all or self.taken[address] >= self.of_one:
            raise Full
        self.taken[address] += 1
        try:
            yield
        finally:
            self.taken[address] -= 1
            self.taken += Counter()  # drops addresses that hold none
