"""Answers and updates leave: claim, close, send, open, settle. No transaction is open while we talk to the outside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from channels.base import Outbound, Receipt
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from gateway.delivery.outbound import outbound_of
from gateway.delivery.outcome import Failed, Held, Later, NoWay, Outcome, Sent
from gateway.delivery.settle import settle
from gateway.house import House
from gateway.operations.metrics import DELIVERIES
from store.unit import Unit
from store.values import Conversation, Parcel

log = structlog.get_logger(__name__)

SEND_SECONDS = 35.0
LEASE = timedelta(seconds=120)  # longer than a send and its settling together: no second worker takes it meanwhile
BATCH = 20
IDLE_SECONDS = 5.0  # other processes' parcels and due retries are seen at the latest after this
SETTLE_TRIES = 5


class Sender(Protocol):
    async def send(self, outbound: Outbound) -> Receipt: ...


class DeliveryWorker:
    """Takes parcels out of the outbox and settles each with what became of it."""

    def __init__(self, house: House, senders: Mapping[str, Sender]) -> None:
        self._house = house
        self._senders = senders

    async def run(self) -> None:
        """Until cancelled; a parcel in hand is settled first."""
        while True:
            seen = self._house.store.wake.rings
            if not await self.run_once():
                await self._house.store.wake.wait(IDLE_SECONDS, since=seen)

    async def run_once(self) -> int:
        """Deliver one batch of what is due, side by side; how many."""
        claimed = await self._claim()
        if claimed:
            async with asyncio.TaskGroup() as group:
                for parcel, conversation in claimed:
                    group.create_task(self.deliver(parcel, conversation), name=f"deliver-{parcel.channel}")
        return len(claimed)

    async def deliver(self, parcel: Parcel, conversation: Conversation | None) -> None:
        """Send one message and write down what became of it, even while stopping."""
        outcome = await self._attempt(outbound_of(parcel, conversation))
        DELIVERIES.labels(channel=parcel.channel, outcome=type(outcome).__name__.lower()).inc()
        settling = asyncio.create_task(self._settle(parcel, outcome), name="settle")
        try:
            await asyncio.shield(settling)
        except asyncio.CancelledError:
            await settling
            raise

    async def _claim(self) -> list[tuple[Parcel, Conversation | None]]:
        async with self._house.store.unit() as unit:
            now = self._house.clock.now()
            parcels = await unit.outbox.claim(now, lease=LEASE, limit=BATCH, channels=tuple(self._senders))
            claimed = [(parcel, await self._conversation(unit, parcel)) for parcel in parcels]
            if claimed:
                await unit.commit()
        return claimed

    async def _conversation(self, unit: Unit, parcel: Parcel) -> Conversation | None:
        return await unit.conversations.get(parcel.conversation_id) if parcel.conversation_id else None

    async def _attempt(self, outbound: Outbound) -> Outcome:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return Sent(await self._senders[outbound.channel].send(outbound))
        except Retryable as error:
            return Later(str(error), error.after)
        except Unreachable as error:
            return NoWay(str(error), error.until_contact)
        except Misconfigured as error:
            return Held(str(error))
        except (Rejected, DeliveryError) as error:
            return Failed(str(error))
        except TimeoutError:
            return Later("the provider did not answer in time")
        except Exception as error:  # a mistake of ours in a channel: the message is not lost for it
            log.exception("send_crashed", channel=outbound.channel)
            return Later(f"crashed: {type(error).__name__}")

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Tried again for a while when the database is away; after that the lease runs out and it is sent again."""
        for attempt in range(1, SETTLE_TRIES + 1):
            try:
                return await settle(self._house, parcel, outcome)
            except Exception:
                log.exception("settle_failed", channel=parcel.channel, attempt=attempt)
                if attempt == SETTLE_TRIES:
                    raise
                await asyncio.sleep(attempt)
