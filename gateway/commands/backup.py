"""``backup FILE``: database, files and keys into one file, while the gateway runs.

The passphrase that seals the keys comes from TOUSU_BACKUP_PASSPHRASE or ``--passphrase-file``. Exit code: 0 made,
1 not made, 2 wrong use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from gateway.clock import SystemClock
from gateway.commands.on_backup import run_on_backup
from gateway.operations.backup.make import Place, make
from gateway.settings import Settings
from store.secret_file import read_ring


def run(argv: Sequence[str]) -> int:
    return run_on_backup(argv, _backup, prog="tousu backup", description="Database, files and keys into one file.")


def _backup(settings: Settings, file: Path, passphrase: str) -> int:
    made = asyncio.run(make(place_of(settings), file, passphrase, SystemClock().now()))
    print(f"{file}: {sum(made.tables.values())} rows, {made.blobs} files, {file.stat().st_size} bytes")
    return 0


def place_of(settings: Settings) -> Place:
    """What these settings name."""
    given = settings.secret_key.get_secret_value()
    ring: Callable[[], str] = (lambda: given) if given else partial(read_ring, settings.data_dir)
    return Place(database=settings.database, blobs=settings.data_dir / "files", ring=ring)
