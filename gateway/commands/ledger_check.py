"""``ledger check``: received = handled + quarantined + in work, by the ledger itself and by the books of its sources.

Exit code: 0 it balances, 1 it does not, 2 wrong use, 3 what could be looked at balances, and a source was away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gateway.app import open_gateway
from gateway.operations.balance.check import DAYS
from gateway.operations.balance.round import keep
from gateway.operations.balance.values import Answered, Balance, Line, Verdict, to_json
from gateway.operations.logs import configure_logs
from gateway.reports.periods import midnight, today
from gateway.settings import Settings

CODES = {Verdict.BALANCED: 0, Verdict.OFF_BALANCE: 1, Verdict.UNKNOWN: 3}
WORDS = {
    Answered.TOLD: "compared",
    Answered.AWAY: "could not be asked",
    Answered.MUTE: "cannot be asked: it keeps no list",
    Answered.OFF: "off",
}
COLUMNS = ("day", "channel", "received", "handled", "quarantined", "in work", "files owed", "files lost", "at source")
SAYS = {
    Verdict.BALANCED: "It balances.",
    Verdict.OFF_BALANCE: "It does not balance.",
    Verdict.UNKNOWN: "What could be looked at balances; a source could not be asked.",
}


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu ledger check", description="Does the ledger balance?")
    span = parser.add_mutually_exclusive_group()
    span.add_argument(
        "--days", type=_days, default=DAYS, metavar="N", help="today and the days before it (%(default)s)"
    )
    span.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="from this day in Shanghai, 2026-11-23")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    balance = asyncio.run(_look(settings, given.days, given.since))
    print(json.dumps(to_json(balance), ensure_ascii=False) if given.json else as_text(balance))
    return CODES[balance.verdict]


async def _look(settings: Settings, days: int, since: date | None) -> Balance:
    async with open_gateway(settings) as gateway:
        balance = await gateway.balance.check.of(_first(gateway.house.clock.now(), days, since))
        await keep(gateway.house, balance)
        return balance


def _first(now: datetime, days: int, since: date | None) -> datetime:
    return midnight(since or today(now) - timedelta(days=days - 1))


def as_text(balance: Balance) -> str:
    """For people: a table, the sources, and every thing that does not balance on a line of its own."""
    rows = [_row(line) for line in balance.lines]
    sources = [
        "\t".join(filter(None, (each.channel, WORDS[each.answered], each.problem if each.answered != "off" else "")))
        for each in balance.sources
    ]
    named = ["\t".join((str(off.why), off.channel, str(off.day or "-"), off.kind, off.name)) for off in balance.off]
    more = ["… and more"] if balance.more else []
    table = ["\t".join(row) for row in (COLUMNS, *rows)]
    return "\n".join([*table, "", *sources, *([""] if named else []), *named, *more, "", SAYS[balance.verdict]])


def _row(line: Line) -> tuple[str, ...]:
    counts = (line.received, line.handled, line.quarantined, line.in_work, line.files_owed, line.files_lost)
    there = "-" if line.at_source is None else str(line.at_source)
    return (str(line.day), line.channel, *map(str, counts), there)


def _days(written: str) -> int:
    days = int(written)
    if not 1 <= days <= 366:
        raise argparse.ArgumentTypeError("from 1 to 366 days")
    return days
