"""In the background, a model reads along what was committed; it speaks to nobody, and no webhook waits for it."""

from __future__ import annotations

import asyncio

import structlog

from gateway.casework.lifecycle import CLOSED
from gateway.house import House
from gateway.model.applying import ACTOR, apply
from gateway.model.port import Model
from gateway.model.words import words_of
from gateway.operations.metrics import MODEL_REPLIES
from normalizer.proposals.accepting import asked_for
from normalizer.proposals.hiding import Masked, masked
from normalizer.record import Intent
from store.errors import StoreError
from store.values import ComplaintId

log = structlog.get_logger(__name__)

MOST_WAITING = 500  # complaints; beyond that the model is too slow for the day, and the rules' records stand
AT_ONCE = 4  # questions under way: a model of several seconds keeps up with a busy day


class AlongReader:
    """A bounded queue of complaint ids, and those who work it off.

    In memory only: what a crash loses was never promised. The rules' record stands, and the next message of the
    same complaint is noticed again.
    """

    def __init__(self, house: House, model: Model) -> None:
        self._house = house
        self._model = model
        self._queue: asyncio.Queue[ComplaintId] = asyncio.Queue(MOST_WAITING)
        self._waiting: set[ComplaintId] = set()

    def notice(self, id: ComplaintId) -> None:
        """A complaint got new words. Returns at once; several messages in a row are read together."""
        if id in self._waiting:
            return
        try:
            self._queue.put_nowait(id)
        except asyncio.QueueFull:
            MODEL_REPLIES.labels(outcome="overrun").inc()
            return
        self._waiting.add(id)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(AT_ONCE):
                group.create_task(self._work(), name=f"read-along-{number}")

    async def read_waiting(self) -> int:
        """Read all that waits now, one after the other; how many."""
        count = self._queue.qsize()
        for _ in range(count):
            await self._read_next()
        return count

    async def _work(self) -> None:
        while True:
            await self._read_next()

    async def _read_next(self) -> None:
        id = await self._queue.get()
        self._waiting.discard(id)
        try:
            await self.read(id)
        except StoreError as error:  # busy, away, or a row that does not open: the others go on
            log.warning("reading_along_failed", complaint=id, cause=type(error).__name__)
        except Exception:  # one odd record must not end the questions about others
            log.exception("reading_along_crashed", complaint=id)

    async def read(self, id: ComplaintId) -> None:
        """One complaint: look, close the transaction, ask, and apply in another one."""
        words = await self._masked(id)
        if words is None:
            return
        number, text, wanted = words
        try:
            reply = await self._model.propose(text, wanted)
            if reply.sent:
                await apply(self._house, id, text, reply.proposals, model=self._model.name)
        except Exception:  # sent, or perhaps sent: that is kept whatever became of the answer
            await self._keep_sending(number, text)
            raise

    async def _keep_sending(self, number: str, text: Masked) -> None:
        """The audit entry alone, when ``apply`` could not write it together with the record."""
        facts = {"model": self._model.name, "characters": len(text.text), "fields": []}
        async with self._house.store.unit() as unit:
            now = self._house.clock.now()
            await unit.audit.write(at=now, actor=ACTOR, action="read_along", subject=number, detail=facts)
            await unit.commit()

    async def _masked(self, id: ComplaintId) -> tuple[str, Masked, tuple[str, ...]] | None:
        async with self._house.store.reading() as unit:
            case = await unit.complaints.get(id)
            if case is None or case.status in CLOSED or case.record.intent is not Intent.COMPLAINT:
                return None
            told = await words_of(unit, case)
        wanted = asked_for(case.record)
        return (case.number, masked(told, case.record, wanted), wanted) if told else None
