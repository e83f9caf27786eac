"""``ledger``: what arrived and what became of it.

``ledger quarantine`` lists, ``ledger replay ID …`` handles again, ``ledger check`` proves that it balances.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from gateway.app import Gateway, open_gateway
from gateway.commands import ledger_check
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from normalizer.rulebook import BrokenRules
from store.values import LedgerId

Work = Callable[[Gateway], Awaitable[int]]


def run(argv: Sequence[str]) -> int:
    if argv[:1] == ["check"]:
        return ledger_check.run(argv[1:])
    parser = argparse.ArgumentParser(prog="tousu ledger", description="The ledger of everything that arrived.")
    parser.add_argument("what", nargs="?", choices=("counts", "quarantine", "replay"), default="counts")
    parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="items to replay")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    works: dict[str, Work] = {"counts": _counts, "quarantine": _quarantine}
    work = works.get(given.what) or (lambda gateway: _replay(gateway, given.ids))
    try:
        return asyncio.run(_with_gateway(settings, work))
    except BrokenRules as error:
        print(error, file=sys.stderr)
        return 1


async def _with_gateway(settings: Settings, work: Work) -> int:
    async with open_gateway(settings) as gateway:
        return await work(gateway)


async def _counts(gateway: Gateway) -> int:
    async with gateway.house.store.reading() as unit:
        for channel, state, count in await unit.ledger.counts():
            print(f"{channel}\t{state}\t{count}")
    return 0


async def _quarantine(gateway: Gateway) -> int:
    async with gateway.house.store.reading() as unit:
        for entry in await unit.ledger.quarantined(limit=500):
            print(f"{entry.id}\t{entry.channel}\t{entry.received_at:%Y-%m-%d %H:%M}\t{entry.size} bytes\t{entry.cause}")
    return 0


async def _replay(gateway: Gateway, ids: Sequence[int]) -> int:
    """Exit code 1 when an item is unknown, or ends in quarantine again."""
    failed = False
    for id in ids:
        try:
            state = await gateway.replayer.replay(LedgerId(id))
        except LookupError as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        print(f"{id}\t{state}")
        failed |= state != "handled"
    return 1 if failed else 0
