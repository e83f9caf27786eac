"""One input, watched: what it raised, how many lines of ours it took, and which of them were never seen before."""

from __future__ import annotations

import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from tests.fuzz.target import Bounds, Run

ROOT = str(Path(__file__).resolve().parents[2])
OURS = tuple(f"{ROOT}/{folder}/" for folder in ("channels", "gateway", "normalizer", "store"))

Line = tuple[str, int]


class Hang(BaseException):
    """Nothing came out for so long that something must stand still."""


class TooManySteps(BaseException):
    """More lines than the input's size allows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was broken, and where: two with the same ``kind`` are one mistake."""

    kind: str
    words: str


class Watch:
    """Runs inputs, and remembers which lines of ours they reached."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.seen: set[Line] = set()
        self.steps = 0
        self._most = 0

    def run(self, run: Run, data: bytes) -> Finding | None:
        """The finding, if there is one."""
        self.steps, self._most = 0, self._bounds.most_steps(data)
        try:
            with _killed_after(self._bounds.seconds), warnings.catch_warnings(), self._traced():
                warnings.simplefilter("ignore")  # of libraries, about what a stranger sent; a service goes on too
                run(data)
        except (Exception, Hang, TooManySteps) as error:
            return _finding(error)
        if self.steps > self._most:  # somebody swallowed it
            return Finding("TooManySteps", f"{self.steps} lines for {len(data)} bytes")
        return None

    @contextmanager
    def _traced(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, _: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(OURS) else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.seen.add((frame.f_code.co_filename, frame.f_lineno))
            self.steps += 1
            if self.steps > self._most:
                raise TooManySteps(f"more than {self._most} lines")
        return self._line


@contextmanager
def _killed_after(seconds: float) -> Iterator[None]:
    """By a signal: it ends regular expressions too, which look for signals while they search."""

    def ring(*_: object) -> None:
        raise Hang(f"nothing within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _finding(error: BaseException) -> Finding:
    place = "" if isinstance(error, Hang) else _place(error.__traceback__)
    return Finding(f"{type(error).__name__} {place}".strip(), str(error)[:300])


def _place(traceback: TracebackType | None) -> str:
    """The last line of ours in it."""
    found = ""
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith((*OURS, f"{ROOT}/tests/fuzz/targets/")):
            found = f"{name.removeprefix(ROOT + '/')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found
