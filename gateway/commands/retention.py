"""``retention``: erase what need not be kept any longer; ``--dry-run`` only counts it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from gateway.app import open_gateway
from gateway.casework.retention.periods import BrokenPeriods
from gateway.casework.retention.round import RetentionRound
from gateway.operations.logs import configure_logs
from gateway.settings import Settings


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 failed, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="tousu retention", description="How long things are kept.")
    parser.add_argument("--dry-run", action="store_true", help="count what is due, and leave it")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    try:
        asyncio.run(_count(settings) if given.dry_run else _erase(settings))
    except BrokenPeriods as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _count(settings: Settings) -> None:
    async with open_gateway(settings) as gateway:
        found = await RetentionRound(gateway.house).count()
    for kind, count in sorted(found.items()):
        print(f"{kind}\t{count}\tdue")


async def _erase(settings: Settings) -> None:
    async with open_gateway(settings) as gateway:
        done = await RetentionRound(gateway.house).run()
    for what, count in sorted(done.items()):
        kind, _, against = what.partition(" ")
        print(f"{kind}\t{count}\t{against or 'erased'}")
