"""Encrypted WeChat text → durable record and answer, against a bare handler that keeps nothing."""

from __future__ import annotations

import statistics

from tests.bench.processes import Figures, both, free_port, load, numbering, statements_of

PEOPLE, AT_ONCE, ROUNDS = 250, 32, 7
MESSAGES_EACH = 3


def run() -> None:
    """Alternating rounds, so that a noisy neighbour hits both; the median of the ratios is the figure."""
    ports, first = (free_port(), free_port()), numbering(PEOPLE)
    with both(ports) as server:
        rounds = [tuple(_load(port, first(), 0.0) for port in ports) for _ in range(1 + ROUNDS)]
        pairs = [(bare, ours) for bare, ours in rounds[1:]]  # the first round warms up
        rate = statistics.median(ours["per_second"] for _, ours in pairs)
        half = _load(ports[1], first(), rate / 2)
        statements = statements_of(server)
    _report(pairs, half, statements / (PEOPLE * MESSAGES_EACH * (ROUNDS + 2)))


def _report(pairs: list[tuple[Figures, Figures]], half: Figures, statements: float) -> None:
    ratios = [ours["per_second"] / bare["per_second"] for bare, ours in pairs]
    print(f"WeChat, {AT_ONCE} people at once, one process, SQLite (WAL, synchronous=FULL)")
    print(f"  bare aiohttp + wechatpy   {statistics.median(bare['per_second'] for bare, _ in pairs):8.0f} messages/s")
    print(f"  gateway                   {statistics.median(ours['per_second'] for _, ours in pairs):8.0f} messages/s")
    rounds = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  ratio                     {statistics.median(ratios):8.2f}   (rounds: {rounds})")
    print(f"  at half load              p50 {half['p50_ms']:.1f} ms, p99 {half['p99_ms']:.1f} ms")
    print(f"  SQL statements a message  {statements:8.1f}")
    print(f"  failed                    {sum(ours['failed'] for _, ours in pairs):8.0f}")


def _load(port: int, first: int, per_second: float) -> Figures:
    return load("wechat", port, PEOPLE, first, AT_ONCE, per_second=per_second)
