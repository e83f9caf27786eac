"""What ``backup`` and ``restore`` have in common: a file, a passphrase, and faults that are told in a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gateway.operations.backup.errors import BackupError
from gateway.operations.backup.sealing import passphrase_from
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from store.errors import StoreError

Work = Callable[[Settings, Path, str], int]  # settings, file, passphrase → exit code


def run_on_backup(argv: Sequence[str], work: Work, *, prog: str, description: str) -> int:
    """The exit code of the work; 1 when it cannot be done."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("file", type=Path)
    parser.add_argument("--passphrase-file", type=Path, help="file with the passphrase; else TOUSU_BACKUP_PASSPHRASE")
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    try:
        passphrase = passphrase_from(settings.backup_passphrase.get_secret_value(), given.passphrase_file)
        return work(settings, given.file, passphrase)
    except (BackupError, StoreError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
