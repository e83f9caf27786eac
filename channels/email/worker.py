"""Mails are read in processes of their own, which may be killed: one bomb costs one worker and never the mailbox.

Too slow, too big, or gone: the mail is Unreadable (kept raw, for a person), and the next mail finds a new worker.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from channels.email.reading import wire
from channels.email.reading.mail import Mail, Own
from channels.errors import Unreadable
from channels.processes.pool import ProcessFailed, ProcessPool

log = structlog.get_logger(__name__)

MODULE = "channels.email.reading.serve"


class ReadingPool:
    """``read`` a mail in one of ``processes`` workers, each allowed ``seconds`` a mail and ``memory_mb`` of memory."""

    def __init__(
        self, own: Own, *, processes: int = 1, seconds: float = 10.0, memory_mb: int = 600, recycle_after: int = 2_000
    ) -> None:
        settings = {"address": own.address, "domain": own.domain, "authserv_ids": sorted(own.authserv_ids)}
        self.processes = ProcessPool(
            MODULE,
            settings,
            processes=processes,
            seconds=seconds,
            memory_mb=memory_mb,
            recycle_after=recycle_after,
        )

    async def warm(self) -> None:
        """Start one worker before the first mail needs it."""
        await self.processes.warm()

    async def read(self, raw: bytes, envelope: Mapping[str, str] | None = None) -> Mail:
        """What a mail says. Raises Unreadable when no worker could tell within its limits."""
        try:
            fields, content = await self.processes.ask(envelope or {}, raw)
            return wire.from_fields(fields, content)
        except ProcessFailed as error:
            raise _unreadable(error.cause) from error
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable("nonsense") from error

    async def aclose(self) -> None:
        """End all workers, also those at work."""
        await self.processes.aclose()


def _unreadable(cause: str) -> Unreadable:
    log.warning("mail_unreadable", cause=cause)
    return Unreadable(f"the mail could not be read: {cause}")
