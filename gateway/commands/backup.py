"""``backup FILE``: database, files and keys into one file, while the gateway runs.

The passphrase that seals the keys comes from TOUSU_BACKUP_PASSPHRASE or ``--passphrase-file``. Exit code: 0 made,
1 not made, 2 wrong use.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from gateway.clock import SystemClock
from gateway.operations.backup.errors import BackupError
from gateway.operations.backup.make import Place, make
from gateway.operations.backup.sealing import passphrase_from
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from store.errors import StoreError
from store.secret_file import read_ring


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu backup", description="Database, files and keys into one file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--passphrase-file", type=Path, help="file with the passphrase; else TOUSU_BACKUP_PASSPHRASE")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    try:
        passphrase = passphrase_from(settings.backup_passphrase.get_secret_value(), given.passphrase_file)
        made = asyncio.run(make(place_of(settings), given.file, passphrase, SystemClock().now()))
    except (BackupError, StoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{given.file}: {sum(made.tables.values())} rows, {made.blobs} files, {given.file.stat().st_size} bytes")
    return 0


def place_of(settings: Settings) -> Place:
    """What these settings name."""
    given = settings.secret_key.get_secret_value()
    ring: Callable[[], str] = (lambda: given) if given else partial(read_ring, settings.data_dir)
    return Place(database=settings.database, blobs=settings.data_dir / "files", ring=ring)
