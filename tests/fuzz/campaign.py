"""A target is fired at for a while; what is found is made small and kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.minimising import smallest
from tests.fuzz.mutating import Mutator
from tests.fuzz.target import Run, Target
from tests.fuzz.watching import Finding, Watch

MUTATIONS, SHAPES = 2_000, 200  # in turn


@dataclass(kw_only=True, slots=True)
class Report:
    """What became of one target."""

    target: str
    executions: int = 0
    seconds: float = 0.0
    lines: int = 0
    found: dict[str, str] = field(default_factory=dict)  # words by kind

    @property
    def rate(self) -> float:
        return self.executions / self.seconds if self.seconds else 0.0


class Campaign:
    """One open target, its pool of inputs, and what was found so far."""

    def __init__(self, target: Target, run: Run, random: Random) -> None:
        self.report = Report(target=target.name)
        self._target, self._run, self._random = target, run, random
        self._watch = Watch(target.bounds)
        self._mutator = Mutator(random, target.words, target.bounds.largest)
        self._pool = [*target.seeds(), *target.corpus()] or [b""]

    def go(self, seconds: float) -> Report:
        began = time.monotonic()
        for data in list(self._pool):
            self._fire(data)
        while (spent := time.monotonic() - began) < seconds:
            self._shapes()
            for _ in range(MUTATIONS):
                self._fire(self._mutator.mutated(self._random.choice(self._pool), self._pool))
                if time.monotonic() - began > seconds:
                    break
        self.report.seconds, self.report.lines = spent, len(self._watch.seen)
        return self.report

    def _shapes(self) -> None:
        """Inputs by their grammar."""

        @seed(self._random.getrandbits(32))
        @settings(
            max_examples=SHAPES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(self._target.shapes)
        def fire(data: bytes) -> None:
            self._fire(data)

        fire()

    def _fire(self, data: bytes) -> None:
        before = len(self._watch.seen)
        finding = self._watch.run(self._run, data)
        self.report.executions += 1
        if finding is not None:
            self._note(finding, data)
        elif len(self._watch.seen) > before:  # it came where none before it came
            self._pool.append(data)

    def _note(self, finding: Finding, data: bytes) -> None:
        if finding.kind in self.report.found:
            return
        self.report.found[finding.kind] = finding.words
        small = smallest(data, lambda tried: self._kind(tried) == finding.kind)
        self._target.folder.mkdir(parents=True, exist_ok=True)
        name = f"{hashlib.sha256(finding.kind.encode()).hexdigest()[:12]}.bin"
        (self._target.folder / name).write_bytes(small)

    def _kind(self, data: bytes) -> str:
        finding = self._watch.run(self._run, data)
        return finding.kind if finding else ""


@contextmanager
def campaign(target: Target, random_seed: int) -> Iterator[Campaign]:
    with target.open() as run:
        yield Campaign(target, run, Random(random_seed))
