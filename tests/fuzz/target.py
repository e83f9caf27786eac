"""One parser under fire: what it is fed with, and what it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis.strategies import SearchStrategy

CORPUS = Path(__file__).with_name("corpus")

Run = Callable[[bytes], None]  # silent when the promise was kept, whatever the bytes were


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How much one input may cost: lines of our own code, by its size; seconds only tell a hang from work."""

    steps: int = 30_000
    steps_a_byte: int = 60
    seconds: float = 10.0
    largest: int = 64 * 1024  # bytes of a mutated input

    def most_steps(self, data: bytes) -> int:
        return self.steps + self.steps_a_byte * len(data)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """``open`` gives the parser, and closes what it needs."""

    name: str
    open: Callable[[], AbstractContextManager[Run]]
    seeds: Callable[[], Sequence[bytes]]
    shapes: SearchStrategy[bytes]  # inputs by their grammar, right and wrong
    words: Sequence[bytes] = ()  # pieces that mean something to it
    bounds: Bounds = Bounds()

    @property
    def folder(self) -> Path:
        return CORPUS / self.name

    def corpus(self) -> list[bytes]:
        """What once did harm."""
        return [file.read_bytes() for file in sorted(self.folder.glob("*.bin"))]


def plainly(run: Run) -> Callable[[], AbstractContextManager[Run]]:
    """For a parser that needs nothing."""

    @contextmanager
    def opened() -> Iterator[Run]:
        yield run

    return opened
