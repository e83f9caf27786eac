"""Why a backup is not made, or not restored. The words are for whoever gave the command."""

from __future__ import annotations


class BackupError(Exception):
    """A backup cannot be made or restored."""


class Unfit(BackupError):
    """The command cannot be carried out as it was given: no passphrase, a file that is there already, …"""


class Broken(BackupError):
    """The file is no backup of ours, is torn, or was tampered with."""


class Occupied(BackupError):
    """The target holds something; a restore overwrites nothing."""
