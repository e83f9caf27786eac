"""Processes that share the folder: what one removes, renames or begins does not trip another."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.spool.segment import DAMAGED, ENDING, Segment
from gateway.spool.shelf import DRAFT_SECONDS, Shelf
from gateway.spool.spool import Spool
from store.crypto import Keyring
from tests.spool.conftest import MEGABYTE, a_record

Open = Callable[[], Awaitable[Spool]]
scandir = os.scandir


class Vanishing:
    """A look at a folder from which a neighbour removes a file meanwhile."""

    def __init__(self, folder: Path, gone: Path) -> None:
        self._entries, self._gone = list(scandir(folder)), gone

    def __enter__(self) -> list[os.DirEntry[str]]:
        self._gone.unlink(missing_ok=True)
        return self._entries

    def __exit__(self, *_: object) -> None: ...


async def test_nobody_is_refused_because_a_neighbour_just_emptied_its_file(open_spool: Open, folder: Path) -> None:
    spool = await open_spool()
    await spool.put(a_record(key="first"))
    emptied = folder / f"0{ENDING}"
    emptied.write_bytes(b"x" * 100)
    with patch("gateway.spool.shelf.os.scandir", lambda folder: Vanishing(folder, emptied)):
        await spool.put(a_record(key="second"))
        assert await spool.measure() > 0
    assert spool.depth == 2


def test_a_file_that_is_only_just_begun_is_nobody_elses(folder: Path, keyring: Keyring) -> None:
    """A neighbour looks for what the dead left just when a file is made and not yet locked."""
    folder.mkdir()
    neighbour, opened = Shelf(folder, keyring, MEGABYTE), os.open

    def looked_at(path: Path, *how: int) -> int:
        handle = opened(path, *how)
        if how[0] & os.O_CREAT:
            assert neighbour.take_over() == []
        return handle

    with patch.object(os, "open", looked_at):
        segment = Segment.create(folder, keyring)
    assert [path.name for path in folder.iterdir()] == [segment.path.name]
    segment.remove()


def test_what_a_process_began_and_never_named_is_cleared_away(folder: Path, keyring: Keyring) -> None:
    folder.mkdir()
    old, new = folder / "1.draft", folder / "2.draft"
    for draft in (old, new):
        draft.touch()
    long_ago = time.time() - DRAFT_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    assert Shelf(folder, keyring, MEGABYTE).take_over() == []
    assert list(folder.iterdir()) == [new]


@pytest.mark.parametrize("ends", [Segment.remove, Segment.set_aside])
def test_a_file_that_its_owner_ends_just_before_it_is_taken_over_is_left_alone(
    tmp_path: Path, keyring: Keyring, ends: Callable[[Segment], None]
) -> None:
    owner, opened = Segment.create(tmp_path, keyring), os.open

    def ended_meanwhile(path: Path, *how: int) -> int:
        handle = opened(path, *how)
        ends(owner)
        return handle

    with patch.object(os, "open", ended_meanwhile):
        assert Segment.adopt(owner.path, keyring) is None
    assert {path.suffix for path in tmp_path.iterdir()} <= {DAMAGED}
