"""Several times what one gateway can do, by WeChat and telephone: who waits, who is lost, when all is answered."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

from tests.bench.processes import free_port, load, numbering, output_of, running, statements_of

TIMES, SECONDS = 10.0, 6.0
PEOPLE, AT_ONCE = 150, 32
SPEAKING, TURNS = 2.0, 3
PATIENCE = 1800.0

Counts = dict[str, int]
Rates = dict[str, float]

COUNTS = {
    "stored": "SELECT count(*) FROM ledger WHERE state = 'stored'",
    "to be sent": "SELECT count(*) FROM outbox WHERE channel = 'wechat' AND state IN ('waiting', 'claimed')",
    "quarantined": "SELECT count(*) FROM ledger WHERE state = 'quarantined'",
    "of WeChat": "SELECT count(*) FROM ledger WHERE channel = 'wechat'",
    "spoken": "SELECT count(*) FROM ledger WHERE channel = 'wechat' AND answer_kind = 'spoken'",
    "queued": "SELECT count(*) FROM ledger WHERE channel = 'wechat' AND answer_kind = 'queued'",
    "sent": "SELECT count(*) FROM outbox WHERE channel = 'wechat' AND state = 'sent'",
    "calls": "SELECT count(*) FROM calls",
    "call-backs": "SELECT count(*) FROM tasks WHERE kind = 'callback'",
}
WAITING = ("on disk", "stored", "to be sent")


def run(*words: str) -> None:
    """``words``: how many times its capacity, in place of TIMES."""
    times = float(words[0]) if words else TIMES
    ports = {name: free_port() for name in ("gateway", "wechat")}
    with (
        tempfile.TemporaryDirectory() as folder,
        running("tests.bench.provider", str(ports["wechat"])) as provider,
        running("tests.bench.gateway", str(ports["gateway"]), folder, f"http://127.0.0.1:{ports['wechat']}") as gateway,
    ):
        rates = _capacity(ports["gateway"])
        before = _counts(Path(folder), ports["gateway"])
        seen = _flood(ports["gateway"], rates, times)
        begun = time.perf_counter()
        after = _settled(lambda: _counts(Path(folder), ports["gateway"]))
        seconds = time.perf_counter() - begun
        statements_of(gateway)
        _report(times, rates, seen, {name: after[name] - before[name] for name in after}, seconds)
        print(f"  WeChat took by the queue  {statements_of(provider):8.0f} messages")


def _capacity(port: int) -> Rates:
    """What it does of each by itself, a second; the first load warms up."""
    first = numbering(PEOPLE)
    load("wechat", port, PEOPLE, first(), AT_ONCE)
    return {kind: load(kind, port, PEOPLE, first(), AT_ONCE)["per_second"] for kind in ("wechat", "phone")}


def _flood(port: int, rates: Rates, times: float) -> dict[str, dict[str, float]]:
    """Half of it by each channel: as many callers at once as ask for their share when they speak for two seconds."""
    people = int(times / 2 * rates["wechat"] * SECONDS / TURNS)
    callers = int(times / 2 * rates["phone"] * SPEAKING)
    found: dict[str, dict[str, float]] = json.loads(
        output_of("tests.bench.flood", str(port), str(people), str(callers), str(SECONDS))
    )
    return found


def _settled(count: Callable[[], Counts]) -> Counts:
    """As it is when nothing waits any more, neither on disk nor in the ledger nor in the outbox."""
    end = time.perf_counter() + PATIENCE
    now = count()
    while any(now[name] for name in WAITING) and time.perf_counter() < end:
        time.sleep(2)
        now = count()
    return now


def _counts(folder: Path, port: int) -> Counts:
    with closing(sqlite3.connect(f"file:{folder / 'tousu.db'}?mode=ro", uri=True)) as database:
        found = {name: int(database.execute(words).fetchone()[0]) for name, words in COUNTS.items()}
    return {"on disk": _on_disk(port)} | found


def _on_disk(port: int) -> int:
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        told = answer.read().decode()
    return int(float(next(line.split()[1] for line in told.splitlines() if line.startswith("tousu_spool_records "))))


def _report(times: float, rates: Rates, seen: dict[str, Rates], came: Counts, seconds: float) -> None:
    print(
        f"Overload: {times:g} times what one process does, half by WeChat, half by telephone, for {SECONDS:g} s, SQLite"
    )
    for kind, name in (("wechat", "WeChat"), ("phone", "telephone")):
        one = seen[kind]
        print(f"  {name:24}{one['sent']:8.0f} requests   (alone {rates[kind]:.0f}/s)")
        print(
            f"    answered in             p50 {one['p50']:.2f} s, p99 {one['p99']:.2f} s, at most {one['most']:.2f} s"
        )
        print(f"    late, lost              {one['late']:8.0f}{one['lost']:8.0f}")
    print(f"  in the ledger, of WeChat  {came['of WeChat']:8}   quarantined {came['quarantined']}")
    print(f"  answered on the line      {came['spoken']:8}   by the queue {came['queued']}, sent {came['sent']}")
    print(f"  calls, to be called back  {came['calls']:8}{came['call-backs']:8}")
    print(f"  all answered after        {seconds:8.0f} s")
