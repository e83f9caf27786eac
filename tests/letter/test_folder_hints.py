"""The kernel tells of scans that come; where it cannot, time alone must do."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from channels.letter import hints as module
from channels.letter.hints import FolderHints
from tests.waiting import until

LONG = 600.0  # seconds that no test waits
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


async def test_a_scan_that_is_closed_or_moved_in_ends_the_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    hints = FolderHints(folder)
    waiting = asyncio.create_task(hints.wait(LONG))
    await until(lambda: hints.mode == "watching")
    (folder / "a.pdf").write_bytes(b"scan")
    await asyncio.wait_for(waiting, LONG)
    (tmp_path / "b.pdf").write_bytes(b"scan")
    (tmp_path / "b.pdf").rename(folder / "b.pdf")
    await asyncio.wait_for(hints.wait(LONG), LONG)
    hints.close()


async def test_without_a_watch_it_only_waits_and_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    hints = FolderHints(folder)
    await hints.wait(0)
    assert hints.mode == "polling"
    folder.mkdir()
    await hints.wait(0)
    assert hints.mode == "watching"
    hints.close()

    def no_more_watches(_: Path) -> None:
        raise OSError(24, "too many")

    monkeypatch.setattr(module, "_opened", no_more_watches)
    without = FolderHints(folder)
    await without.wait(0)
    assert without.mode == "polling"


async def test_a_folder_that_goes_away_is_no_longer_watched(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    hints = FolderHints(folder)
    await hints.wait(0)
    folder.rmdir()
    await until(lambda: hints.mode == "polling")
    hints.close()
