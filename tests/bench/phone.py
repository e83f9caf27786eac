"""Whole calls over HTTP → durable record and TwiML, against a bare handler that verifies and keeps nothing."""

from __future__ import annotations

import statistics

from tests.bench.hotline import STEPS
from tests.bench.processes import Figures, both, free_port, load, numbering, statements_of

AT_ONCE, ROUNDS = 50, 5
CALLS = 2 * AT_ONCE
REQUESTS_EACH = 1 + len(STEPS) + 1  # the call, its steps, its end
SPEAKING = 2.0  # seconds that a caller takes for an answer, which is hurried
GOAL_MS = 250.0


def run() -> None:
    """Alternating rounds, so that a noisy neighbour hits both; the median of the ratios is the figure."""
    ports, first = (free_port(), free_port()), numbering(CALLS)
    with both(ports) as server:
        rounds = [tuple(load("phone", port, CALLS, first(), AT_ONCE) for port in ports) for _ in range(1 + ROUNDS)]
        spoken = load("phone", ports[1], CALLS, first(), AT_ONCE, pause=SPEAKING)
        statements = statements_of(server)
    pairs = [(bare, ours) for bare, ours in rounds[1:]]  # the first round warms up
    _report(pairs, spoken, statements / (CALLS * REQUESTS_EACH * (ROUNDS + 2)))


def _report(pairs: list[tuple[Figures, Figures]], spoken: Figures, statements: float) -> None:
    ratios = [ours["per_second"] / bare["per_second"] for bare, ours in pairs]
    ours = {name: statistics.median(ours[name] for _, ours in pairs) for name in ("per_second", "p50_ms", "p99_ms")}
    goal = "met" if spoken["p99_ms"] <= GOAL_MS else "NOT MET"
    print(f"Telephone, {AT_ONCE} calls at once, each a whole dialogue, one process, SQLite (WAL, synchronous=FULL)")
    print(f"  bare aiohttp + twilio     {statistics.median(bare['per_second'] for bare, _ in pairs):8.0f} answers/s")
    print(f"  gateway                   {ours['per_second']:8.0f} answers/s")
    rounds = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  ratio                     {statistics.median(ratios):8.2f}   (rounds: {rounds})")
    print(f"  callers without a pause   p50 {ours['p50_ms']:.1f} ms, p99 {ours['p99_ms']:.1f} ms")
    figures = f"p50 {spoken['p50_ms']:.1f} ms, p99 {spoken['p99_ms']:.1f} ms"
    print(f"  who take {SPEAKING:g} s to speak   {figures}   goal of p99 {GOAL_MS:g}: {goal}")
    print(f"  SQL statements a step     {statements:8.1f}")
    print(f"  failed                    {sum(ours['failed'] for _, ours in pairs) + spoken['failed']:8.0f}")
