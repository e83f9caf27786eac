"""The key file of the data folder: a new secret in front, an old one out; whole or not at all, also in a power cut."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from store.alone import alone
from store.crypto import Keyring, new_secret, ring_of, sync_folder

SECRET_FILE = "secret.key"

Secrets = Sequence[str]


def load_or_create_secret(folder: Path) -> tuple[str, bool]:
    """The secret kept in ``folder``, and whether this call made it; the file is readable by its owner alone."""
    path = folder / SECRET_FILE
    if path.exists():
        return path.read_text(encoding="ascii").strip(), False
    folder.mkdir(parents=True, exist_ok=True)
    secret = new_secret()
    try:
        _create_durably(path, secret + "\n")
    except FileExistsError:  # another process was faster: its secret counts
        return path.read_text(encoding="ascii").strip(), False
    return secret, True


def read_ring(folder: Path) -> str:
    """The ring as it stands in the file, newest first."""
    return (folder / SECRET_FILE).read_text(encoding="ascii").strip()


def lay_down_ring(folder: Path, ring: str) -> None:
    """Of a house that is restored. Raises FileExistsError where there is a key already."""
    _create_durably(folder / SECRET_FILE, ring + "\n")


def put_in_front(folder: Path) -> str:
    """Make a new secret the current one; the id of its key."""
    return _id_of(_rewritten(folder, lambda ring: [new_secret(), *ring])[0])


def take_out(folder: Path, key_id: str) -> None:
    """Forget the secret of a key, which must not be the current one; ValueError when it is, or is not there."""
    _rewritten(folder, lambda ring: _without(ring, key_id))


def _without(ring: Secrets, key_id: str) -> Secrets:
    left = [secret for secret in ring if _id_of(secret) != key_id]
    if not ring or _id_of(ring[0]) == key_id or len(left) == len(ring):
        raise ValueError("only an old secret of the ring can be taken out")
    return left


def _id_of(secret: str) -> str:
    return Keyring(ring_of(secret)).key_ids[0]


def _rewritten(folder: Path, change: Callable[[Secrets], Secrets]) -> Secrets:
    with alone(folder):  # two who rotate at once would each lose the other's secret, and what it sealed
        ring = change([part.strip() for part in read_ring(folder).split(",") if part.strip()])
        _replace_durably(folder / SECRET_FILE, ",".join(ring) + "\n")
    return ring


def _create_durably(path: Path, text: str) -> None:
    """Linked into place: it must not replace what another process was faster to make."""
    with _drafted(path, text) as draft:
        os.link(draft, path)


def _replace_durably(path: Path, text: str) -> None:
    with _drafted(path, text) as draft:
        draft.replace(path)


@contextmanager
def _drafted(path: Path, text: str) -> Iterator[Path]:
    """Whole or not at all: written aside, to be put into place, since a reader must never see half a secret."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def changed_at(folder: Path) -> datetime:
    """When the ring was last changed."""
    return datetime.fromtimestamp((folder / SECRET_FILE).stat().st_mtime, UTC)
