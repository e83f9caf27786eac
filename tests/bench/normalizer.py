"""The normalizer by itself: a chat message, a page, against a yardstick of plain Python; import time and memory."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

from normalizer.cues import sentence_cues
from normalizer.jsonlines import from_line
from normalizer.normalize import normalize, warm_up
from normalizer.record import Submission
from tests.eval.cases import everything

CHAT = 60  # characters
PAGE = range(800, 1501)
PAGES_AT_LEAST = 20
ROUNDS = 9
GOALS = {"chat": 500.0, "page": 10_000.0, "import": 0.5, "memory": 100.0}  # µs, µs, s, MB

# Import and first use in a process of its own, as any other part of the gateway would find it.
FRESH = """
import json, time
def resident():
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmRSS"))
before, began = resident(), time.perf_counter()
from normalizer.normalize import warm_up
imported = time.perf_counter() - began
warm_up()
ready = time.perf_counter() - began
print(json.dumps({"import": imported, "ready": ready, "memory": resident() - before}))
"""


def run() -> None:
    """Rounds alternate with the yardstick, so that a noisy neighbour hits both; medians of medians are the figures."""
    warm_up()
    loads = {"chat": _chats(), "page": _pages()}
    rounds = [
        {"yardstick": _yardstick(), **{name: _each(load) for name, load in loads.items()}} for _ in range(1 + ROUNDS)
    ]
    _report(rounds[1:], {name: len(load) for name, load in loads.items()})  # the first round warms up
    _report_fresh()


def _chats() -> list[Submission]:
    return [from_line(case.line) for case in everything() if 0 < len(case.text) <= CHAT]


def _pages() -> list[Submission]:
    """Texts as long as a page; where the cases have too few, letters and mails one after another make more."""
    long = [case for case in everything() if case.channel in ("letter", "email") and len(case.text) > CHAT]
    pages = [case.text for case in everything() if len(case.text) in PAGE]
    text = ""
    for case in long:
        text = f"{text}\n{case.text}" if text else case.text
        if len(text) >= PAGE.start and len(pages) < PAGES_AT_LEAST:
            pages.append(text[: PAGE.stop - 1])
            text = ""
    line = {"channel": "letter", "received_on": "2026-11-20"}
    return [from_line({**line, "id": str(place), "text": page}) for place, page in enumerate(pages)]


def _each(load: Sequence[Submission]) -> float:
    """µs of the median text. No sentence is known from the round before, as no customer's words are."""
    sentence_cues.cache_clear()
    return statistics.median(_timed(partial(normalize, each)) for each in load) * 1e6


def _yardstick() -> float:
    """µs of a loop of plain Python that does what any reader of texts must: look at characters, count, make strings."""
    return statistics.median(_timed(_loop) for _ in range(30)) * 1e6


def _loop() -> int:
    counts: dict[str, int] = {}
    for number in range(2_000):
        word = chr(0x4E00 + number % 97)
        counts[word] = counts.get(word, 0) + len(word * 2)
    return len(counts)


def _timed(work: Callable[[], object]) -> float:
    gc.disable()
    began = perf_counter()
    work()
    took = perf_counter() - began
    gc.enable()
    return took


def _report(rounds: list[dict[str, float]], texts: dict[str, int]) -> None:
    print(f"Normalizer, one core, after warm-up; a yardstick is {_median(rounds, 'yardstick'):.0f} µs of plain Python")
    for name, what in (("chat", f"chat message, ≤ {CHAT} characters"), ("page", "page, 800 to 1,500 characters")):
        ratio = statistics.median(one[name] / one["yardstick"] for one in rounds)
        figure = _median(rounds, name)
        print(f"  {what:<34}{figure:8.0f} µs   {ratio:6.2f} yardsticks   {_goal(name, figure)}   ({texts[name]} texts)")


def _median(rounds: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in rounds)


def _report_fresh() -> None:
    runs = [_fresh() for _ in range(3)]
    figures = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"  {'import':<34}{figures['import']:8.2f} s    {_goal('import', figures['import'])}")
    print(f"  {'import and rules compiled':<34}{figures['ready']:8.2f} s")
    print(f"  {'memory, rules compiled':<34}{figures['memory']:8.0f} MB   {_goal('memory', figures['memory'])}")


def _fresh() -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _goal(name: str, figure: float) -> str:
    return f"goal {GOALS[name]:g}: {'met' if figure <= GOALS[name] else 'NOT MET'}"
