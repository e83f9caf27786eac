"""The spool and those who use it, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from channels.base import Inbox
from gateway.house import House
from gateway.own_items import Reader
from gateway.settings import Settings
from gateway.spool.counts import BYTES, DEPTH, OLDEST
from gateway.spool.drain import Drain
from gateway.spool.inbox import SpoolingInbox
from gateway.spool.outage import Outage
from gateway.spool.shelf import Shelf
from gateway.spool.spool import Spool
from store.crypto import Keyring

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Spooling:
    """What goes on while the database is away."""

    spool: Spool
    outage: Outage
    inbox: SpoolingInbox
    drain: Drain

    async def facts(self, now: datetime) -> Mapping[str, str]:
        """For /readyz and the metrics: how much waits, since when, and what is wrong."""
        age = max((now - self.spool.oldest).total_seconds(), 0.0) if self.spool.oldest is not None else 0.0
        size = await self.spool.measure()
        DEPTH.set(self.spool.depth)
        OLDEST.set(age)
        BYTES.set(size)
        facts = {"waiting": str(self.spool.depth), "oldest_seconds": str(int(age)), "bytes": str(size)}
        concern = {"concern": "what came waits on disk to be handled"} if self.spool.depth else {}
        return facts | concern | ({"problem": self.spool.problem} if self.spool.problem else {})


def folder_of(settings: Settings) -> Path:
    """Where items wait for the database."""
    return settings.spool_dir or settings.data_dir / "spool"


def open_spool(settings: Settings, keys: Keyring) -> Spool:
    """The folder is made when it is needed first."""
    return Spool(Shelf(folder_of(settings), keys, settings.spool_megabytes * MEGABYTE))


def spooling(house: House, spool: Spool, inner: Inbox, readers: Mapping[str, Reader]) -> Spooling:
    outage = Outage()
    front = SpoolingInbox(inner, spool, outage, house.settings, house.store.ping)
    return Spooling(
        spool=spool,
        outage=outage,
        inbox=front,
        drain=Drain(house, inner, spool, outage, readers, front.crowd),
    )
