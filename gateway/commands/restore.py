"""``restore FILE``: a backup into an empty database and folder, then everything is looked through.

Exit code: 0 restored and whole, 1 not restored or damaged, 2 wrong use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from gateway import parts
from gateway.commands.integrity import as_text
from gateway.commands.on_backup import run_on_backup
from gateway.operations.backup.restore import Target, restore
from gateway.operations.integrity import Report, look_through
from gateway.settings import Settings


def run(argv: Sequence[str]) -> int:
    return run_on_backup(
        argv, _restored, prog="tousu restore", description="A backup into an empty database and folder."
    )


def _restored(settings: Settings, file: Path, passphrase: str) -> int:
    report = asyncio.run(_restore(settings, file, passphrase))
    print(as_text(report))
    return 0 if report.whole else 1


async def _restore(settings: Settings, file: Path, passphrase: str) -> Report:
    await restore(file, target_of(settings), passphrase)
    store = await parts.open_store(settings)
    try:
        return await look_through(store)
    finally:
        await store.aclose()


def target_of(settings: Settings) -> Target:
    """Where these settings say that everything lies."""
    secret = settings.secret_key.get_secret_value()
    return Target(database=settings.database, folder=settings.data_dir, secret=secret)
