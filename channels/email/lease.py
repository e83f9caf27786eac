"""Whose turn it is to watch a mailbox, when several gateways share one store.

Two watchers would do no harm to the ledger, but all work would be done twice, and Dovecot lets two concurrent MOVEs of
a mail both succeed, so that the folder of handled mails would hold it twice (tests/email_transport).
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from uuid import uuid4

from channels.base import Clock, Memory

THIS_PROCESS = f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"


class Lease:
    """A turn that ends after ``seconds`` unless taken again; a process that died on this machine loses it at once."""

    def __init__(self, memory: Memory, clock: Clock, *, key: str, seconds: float, owner: str = THIS_PROCESS) -> None:
        self._memory = memory
        self._clock = clock
        self._key = key
        self._time = timedelta(seconds=seconds)
        self._owner = owner
        self._taken_at: datetime | None = None

    async def take(self) -> bool:
        """Take the turn or keep it; False while it is another's."""
        now = self._clock.now()
        if self._taken_at and now - self._taken_at < self._time / 3:
            return True
        self._taken_at = None
        held = await self._memory.get(self._key)
        if held and not self._is_free(held):
            return False
        if await self._memory.swap(self._key, held, f"{self._owner} {(now + self._time).isoformat()}"):
            self._taken_at = now
        return self._taken_at is not None

    async def give_back(self) -> None:
        self._taken_at = None
        held = await self._memory.get(self._key)
        if held and held.partition(" ")[0] == self._owner:
            await self._memory.swap(self._key, held, "")

    def _is_free(self, held: str) -> bool:
        owner, _, until = held.partition(" ")
        return owner == self._owner or self._has_died(owner) or datetime.fromisoformat(until) <= self._clock.now()

    def _has_died(self, owner: str) -> bool:
        """Whether the other was a process of this machine that is gone, as after kill -9 and a restart."""
        host, pid, _ = owner.rsplit("/", 2)
        own_host, own_pid, _ = self._owner.rsplit("/", 2)
        if host != own_host:
            return False
        return pid == own_pid or not _is_running(int(pid))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
