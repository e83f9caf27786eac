"""``migrate``: the database to this version's schema."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from gateway.settings import Settings
from store.unit import migrate


def run(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="tousu migrate").parse_args(argv)
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(migrate(settings.database))
    print("The database is up to date.")
    return 0
