"""``audit verify``: does every entry of the audit trail follow from the one before?

Exit code: 0 the chain is whole, 1 it is broken, 2 wrong use.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from gateway import parts
from gateway.operations.logs import configure_logs
from gateway.settings import Settings


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu audit", description="The audit trail.")
    parser.add_argument("what", choices=("verify",))
    parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    broken = asyncio.run(_verify(settings))
    print("the chain is whole" if broken is None else f"the chain is broken at entry {broken}")
    return 0 if broken is None else 1


async def _verify(settings: Settings) -> int | None:
    store = await parts.open_store(settings)
    try:
        async with store.reading() as unit:
            return await unit.audit.verify()
    finally:
        await store.aclose()
