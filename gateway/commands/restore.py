"""``restore FILE``: a backup into an empty database and folder, then everything is looked through.

Exit code: 0 restored and whole, 1 not restored or damaged, 2 wrong use.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway import parts
from gateway.commands.integrity import as_text
from gateway.operations.backup.errors import BackupError
from gateway.operations.backup.restore import Target, restore
from gateway.operations.backup.sealing import passphrase_from
from gateway.operations.integrity import Report, look_through
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from store.errors import StoreError


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu restore", description="A backup into an empty database and folder.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--passphrase-file", type=Path, help="file with the passphrase; else TOUSU_BACKUP_PASSPHRASE")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    try:
        passphrase = passphrase_from(settings.backup_passphrase.get_secret_value(), given.passphrase_file)
        report = asyncio.run(_restore(settings, given.file, passphrase))
    except (BackupError, StoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
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
