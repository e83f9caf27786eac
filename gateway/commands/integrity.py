"""``integrity``: is what is stored still what was stored?

Exit code: 0 it is, 1 something is damaged, 2 wrong use. Reads everything; may run beside the gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict

from gateway import parts
from gateway.operations.integrity import Report, look_through
from gateway.operations.logs import configure_logs
from gateway.settings import Settings

WHAT = {
    "unopened": "a sealed value does not open",
    "hash": "the item is not the one that came",
    "size": "the item is longer or shorter than the one that came",
    "blob": "the file is gone or damaged",
    "orphan": "it points to what is not there",
    "chain": "the audit trail was changed here, or just before",
}


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu integrity", description="Open, hash and follow everything stored.")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    report = asyncio.run(_look(settings))
    print(as_json(report) if given.json else as_text(report))
    return 0 if report.whole else 1


async def _look(settings: Settings) -> Report:
    store = await parts.open_store(settings)
    try:
        return await look_through(store)
    finally:
        await store.aclose()


def as_json(report: Report) -> str:
    damaged = [asdict(each) for each in report.damaged]
    return json.dumps({"whole": report.whole, "count": report.count, "looked": report.looked, "damaged": damaged})


def as_text(report: Report) -> str:
    """What is damaged first, then how much was looked at."""
    named = [f"{each.where}\t{each.row}\t{WHAT[each.what]}" for each in report.damaged]
    looked = [f"{what}\t{count}" for what, count in report.looked.items() if count]
    end = "everything is as it was stored" if report.whole else f"{report.count} damaged"
    return "\n".join([*looked, *named, end])
