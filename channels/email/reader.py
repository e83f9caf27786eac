"""The bytes of a mail become a submission, in a worker process that may be killed."""

from __future__ import annotations

from channels.base import Item
from channels.email.reading.submission import to_submission
from channels.email.worker import ReadingPool
from normalizer.record import Submission


class PooledReader:
    """Implements the channel's ``Reader`` over the pool; raises Unreadable."""

    def __init__(self, pool: ReadingPool) -> None:
        self._pool = pool

    async def read(self, item: Item) -> Submission:
        mail = await self._pool.read(item.raw, item.envelope)
        return to_submission(mail, item.key, item.raw, received_at=item.received_at)

    async def aclose(self) -> None:
        await self._pool.aclose()
