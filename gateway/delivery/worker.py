"""Answers and updates leave: claim, close, send, open, settle. No transaction is open while we talk to the outside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import Protocol

import structlog

from channels.base import Outbound, Receipt
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from gateway.delivery.damaged import damaged_task
from gateway.delivery.held import Mending
from gateway.delivery.outbound import outbound_of
from gateway.delivery.outcome import Failed, Held, Later, NoWay, Outcome, Sent
from gateway.delivery.reports import take_early_reports
from gateway.delivery.settle import settle
from gateway.house import House
from gateway.operations.metrics import DELIVERIES
from store.errors import Damaged
from store.unit import Unit
from store.values import Conversation, Parcel

log = structlog.get_logger(__name__)

SEND_SECONDS = 35.0
LEASE = timedelta(seconds=120)  # longer than a send and its settling together: no second worker takes it meanwhile
AT_ONCE = 20  # messages in hand of one channel
IDLE_SECONDS = 5.0  # other processes' parcels and due retries are seen at the latest after this
SETTLE_TRIES = 5


class Sender(Protocol):
    async def send(self, outbound: Outbound) -> Receipt: ...


class DeliveryWorker:
    """Takes parcels out of the outbox and settles each with what became of it."""

    def __init__(self, house: House, senders: Mapping[str, Sender]) -> None:
        self._house = house
        self._senders = senders
        self._mending = Mending(house)

    async def run(self, channel: str) -> None:
        """Deliver one channel's parcels until cancelled; those in hand then get their time. Channels never wait for
        one another: an SMTP server that hangs holds no chat.
        """
        in_hand: set[asyncio.Task[None]] = set()
        try:
            while True:
                seen = self._house.store.wake.rings
                claimed = await self._claim((channel,), AT_ONCE - len(in_hand))
                for parcel, conversation in claimed:
                    in_hand.add(self._start(parcel, conversation))
                if not claimed:
                    await self._wait_for_work(in_hand, seen)
                in_hand = {task for task in in_hand if not task.done()}
        finally:
            await _finish(in_hand)

    async def run_once(self) -> int:
        """Deliver one batch of what is due on all channels, side by side; how many."""
        claimed = await self._claim(tuple(self._senders), AT_ONCE)
        await asyncio.gather(*[self._start(parcel, conversation) for parcel, conversation in claimed])
        return len(claimed)

    async def deliver(self, parcel: Parcel, conversation: Conversation | None) -> None:
        """Send one message and write down what became of it, even while stopping. Raises nothing but CancelledError."""
        outcome = await self._attempt(parcel, conversation)
        DELIVERIES.labels(channel=parcel.channel, outcome=type(outcome).__name__.lower()).inc()
        settling = asyncio.create_task(self._settle(parcel, outcome), name="settle")
        try:
            await asyncio.shield(settling)
        except asyncio.CancelledError:
            await settling
            raise

    def _start(self, parcel: Parcel, conversation: Conversation | None) -> asyncio.Task[None]:
        return asyncio.create_task(self.deliver(parcel, conversation), name=f"deliver-{parcel.channel}")

    async def _wait_for_work(self, in_hand: Set[asyncio.Task[None]], seen: int) -> None:
        """Until the bell rings, a while has passed, or one in hand is settled: the next of its talk may be due."""
        wake = self._house.store.wake
        if len(in_hand) >= AT_ONCE:
            await asyncio.wait(in_hand, return_when=asyncio.FIRST_COMPLETED)
            return
        bell = asyncio.create_task(wake.wait(IDLE_SECONDS, since=seen), name="wait-for-parcels")
        try:
            await asyncio.wait({bell, *in_hand}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            bell.cancel()

    async def _claim(self, channels: Sequence[str], most: int) -> list[tuple[Parcel, Conversation | None]]:
        if most <= 0:
            return []
        async with self._house.store.unit() as unit:
            now = self._house.clock.now()
            parcels = await unit.outbox.claim(now, lease=LEASE, limit=most, channels=channels)
            for damaged in unit.outbox.damaged:
                log.error("parcel_damaged", channel=damaged.channel, parcel=damaged.id)
                await unit.tasks.add(damaged_task(damaged, "delivery", now))
            claimed = [(parcel, await self._conversation(unit, parcel)) for parcel in parcels]
            if claimed or unit.outbox.damaged:
                await unit.commit()
        return claimed

    async def _conversation(self, unit: Unit, parcel: Parcel) -> Conversation | None:
        """Only tells a channel when the person last wrote; the message does not depend on it."""
        try:
            return await unit.conversations.get(parcel.conversation_id) if parcel.conversation_id else None
        except Damaged:
            log.error("conversation_damaged", channel=parcel.channel, conversation=parcel.conversation_id)
            return None

    async def _attempt(self, parcel: Parcel, conversation: Conversation | None) -> Outcome:
        try:
            outbound = outbound_of(parcel, conversation)
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
            log.exception("send_crashed", channel=parcel.channel)
            return Later(f"crashed: {type(error).__name__}")

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Tried again for a while when the database is away; after that the lease runs out and it is sent again."""
        for attempt in range(1, SETTLE_TRIES + 1):
            try:
                await settle(self._house, parcel, outcome)
                break
            except Exception:
                log.exception("settle_failed", channel=parcel.channel, attempt=attempt)
                if attempt < SETTLE_TRIES:
                    await asyncio.sleep(attempt)
        else:
            return
        await self._afterwards(parcel, outcome)

    async def _afterwards(self, parcel: Parcel, outcome: Outcome) -> None:
        """What a settled message leads to; should it fail here, the regular rounds and the next message do it."""
        try:
            if isinstance(outcome, Held):
                self._mending.stuck(parcel.channel)
            if isinstance(outcome, Sent):
                await self._mending.passed(parcel.channel)
                if outcome.receipt.provider_id:
                    await take_early_reports(self._house, parcel.channel, outcome.receipt.provider_id)
        except Exception:
            log.exception("after_sending_failed", channel=parcel.channel)


async def _finish(in_hand: Set[asyncio.Task[None]]) -> None:
    """Stopping: a message cut off in the middle would be sent twice, so each gets the time that a send may take."""
    if not in_hand:
        return
    _, late = await asyncio.wait(in_hand, timeout=SEND_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
