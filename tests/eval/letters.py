"""``python -m tests.eval.letters [N] [--effects NAME…]``: N invented letters through each kind of scan, and judged.

Figures of printed letters: how well real handwriting is read they cannot tell.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, getrusage

from channels.letter.reader import PaperReader
from channels.letter.simulator import PRESETS, effects_of, scanned, write_letter, written
from normalizer.record import PageKind
from tests.eval.letter_distance import error_rate
from tests.eval.letter_reader import Read, read, understood
from tests.eval.letter_texts import Invented, letter

EXACT = ("phone", "id_number", "policy_number", "complainant_name")
TURNS = {"turned_90": 270, "turned_180": 180, "turned_270": 90}  # how the reader must turn a page back
THREADS, KB = 2, 1024
WORST = 12  # misses of a kind of scan that are listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One scan against its truth. A value that not even the words themselves give says nothing of the reader."""

    seed: int
    error: float  # share of characters
    found: dict[str, bool]  # by field that the words give
    doubted: frozenset[str]
    upright: bool
    as_letter: bool  # no page of it was taken for something else
    seconds: float
    misses: tuple[str, ...]  # for a terminal


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """All scans of one kind."""

    effects: str
    judged: list[Judged]

    def right(self, name: str) -> str:
        known = [one.found[name] for one in self.judged if name in one.found]
        return f"{sum(known)}/{len(known)}"

    def doubted(self, name: str) -> float:
        return statistics.mean(name in one.doubted for one in self.judged)

    def silent(self, name: str) -> int:
        """How often a value is wrong and nobody is asked: the figure that must be 0."""
        return sum(one.found.get(name) is False and name not in one.doubted for one in self.judged)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.letters", description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=12, help="letters of each kind (12)")
    parser.add_argument("--effects", nargs="*", default=list(PRESETS), choices=list(PRESETS), metavar="NAME")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="seed of the first letter (0)")
    given = parser.parse_args(argv)
    asyncio.run(evaluate(range(given.first, given.first + given.n), given.effects))


async def evaluate(seeds: Sequence[int], effects: Sequence[str]) -> None:
    """The same letters through each kind of scan, one after the other; its row appears as it is done."""
    reader, kinds = PaperReader(threads=THREADS), list[Kind]()
    _say(_heads())
    try:
        for name in effects:
            kinds.append(Kind(effects=name, judged=[await judge(reader, seed, name) for seed in seeds]))
            _say(_row(kinds[-1]))
    finally:
        await reader.aclose()
    for line in _rest(kinds):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def judge(reader: PaperReader, seed: int, effects: str) -> Judged:
    """One letter, drawn, scanned, read."""
    invented = letter(seed)
    pages = write_letter(invented.text, invented.layout)
    got = await read(reader, written(scanned(pages, effects_of(effects), seed), "letter.pdf"))
    found = _found(invented, got)
    wanted = {name: invented.expect[name] for name, right in found.items() if not right}
    return Judged(
        seed=seed,
        error=error_rate(got.seen, "\n".join(page.text for page in pages)),
        found=found,
        doubted=frozenset(got.doubts),
        upright=all(turn == TURNS.get(effects, 0) for turn in got.rotations),
        as_letter=all(kind is PageKind.LETTER for kind in got.kinds),
        seconds=got.seconds,
        misses=tuple(_miss(seed, name, value, got) for name, value in wanted.items()),
    )


def _found(invented: Invented, got: Read) -> dict[str, bool]:
    ideal = understood(invented.text)
    known = [name for name in EXACT if ideal.value(name) == invented.expect[name]]
    return {name: got.record.value(name) == invented.expect[name] for name in known}


def _miss(seed: int, name: str, wanted: str, got: Read) -> str:
    why = ", ".join(got.doubts[name].why) if name in got.doubts else "NOT FLAGGED"
    return f"letter {seed}: {name} {got.record.value(name)!r} instead of {wanted!r} ({why})"


def _heads() -> str:
    fields = "".join(f"{name:>26}" for name in EXACT) + f"{'address':>9}{'text':>7}"
    return f"{'':<13}{'letters':>8}{'CER':>8}{'max':>8}{'upright':>8}{'letter':>7}{'s/page':>7}  {fields}"


def _row(kind: Kind) -> str:
    errors = [one.error for one in kind.judged]
    lay = f"{sum(one.upright for one in kind.judged):>8}{sum(one.as_letter for one in kind.judged):>7}"
    seconds = statistics.median(one.seconds for one in kind.judged)
    fields = "".join(f"{kind.right(n):>12}{kind.silent(n):>6}{kind.doubted(n):>8.2f}" for n in EXACT)
    rates = f"{statistics.mean(errors):>8.2%}{max(errors):>8.2%}{lay}{seconds:>7.2f}"
    asked = f"{kind.doubted('address'):>9.2f}{kind.doubted('text'):>7.2f}"
    return f"{kind.effects:<13}{len(errors):>8}{rates}  {fields}{asked}"


def _rest(kinds: Sequence[Kind]) -> Iterator[str]:
    """What the rows mean, what it took, and what was missed."""
    yield "of a field: right/known, wrong and not flagged, share flagged; known: what the words themselves give"
    yield f"peak memory of the reading process: {getrusage(RUSAGE_CHILDREN).ru_maxrss / KB:.0f} MB"
    for kind in kinds:
        misses = [miss for one in kind.judged for miss in one.misses]
        yield from (f"  {kind.effects}: {miss}" for miss in misses[:WORST])


if __name__ == "__main__":
    main()
