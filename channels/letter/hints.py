"""The kernel's word that something came into a folder: it saves waiting, and nobody relies on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from asyncinotify import Inotify, Mask

# A file that was closed or moved in; CREATE for folders, which are never closed.
CAME = Mask.CLOSE_WRITE | Mask.MOVED_TO | Mask.CREATE
GONE = Mask.DELETE_SELF | Mask.MOVE_SELF | Mask.UNMOUNT | Mask.IGNORED


class FolderHints:
    """Watches one folder where the system can; where it cannot (network shares, other systems) it only waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._came = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    @property
    def mode(self) -> str:
        return "watching" if self._listening is not None and not self._listening.done() else "polling"

    async def wait(self, seconds: float) -> None:
        self._begin()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._came.wait()
        self._came.clear()

    def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()

    def _begin(self) -> None:
        """Anew whenever it has ended: the folder may have been away, or the system short of watches."""
        if self.mode == "polling":
            with suppress(OSError):
                inotify = _opened(self._folder)
                self._listening = asyncio.create_task(self._listen(inotify))

    async def _listen(self, inotify: Inotify) -> None:
        with suppress(OSError), inotify:
            while True:
                event = await inotify.get()
                self._came.set()
                if event.mask & GONE:
                    return


def _opened(folder: Path) -> Inotify:
    inotify = Inotify()
    try:
        inotify.add_watch(folder, CAME | Mask.DELETE_SELF | Mask.MOVE_SELF | Mask.ONLYDIR)
    except OSError:
        inotify.close()
        raise
    return inotify
