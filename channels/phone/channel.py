"""A hotline on Twilio as a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from channels.base import CallReport, Clock, Inbox, Item, Memory, Outbound, Receipt, Route, Sourced
from channels.origin import facts_of
from channels.phone.beside import Beside
from channels.phone.books import EVERY, Books, look_up
from channels.phone.calls import CHANNEL
from channels.phone.client import Api
from channels.phone.desk import Desk
from channels.phone.ends import Ends
from channels.phone.gate import Gate
from channels.phone.handover import Pace
from channels.phone.happening import read_raw
from channels.phone.health import Health
from channels.phone.news import News
from channels.phone.parse import understand
from channels.phone.recordings import Recorder, fetch
from channels.phone.send import Sender
from channels.phone.settings import PhoneSettings
from channels.phone.sourced import sourced, vouches
from channels.phone.webhook import Webhook
from normalizer.record import Attachment, Contact, Submission


class PhoneChannel:
    """Hears callers turn by turn, answers on the line, brings news by text message or call."""

    name = CHANNEL

    def __init__(
        self,
        *,
        settings: PhoneSettings,
        memory: Memory,
        clock: Clock,
        api: Api | None = None,
        pace: Pace | None = None,
        every: float = EVERY,
    ) -> None:
        self.settings = settings
        self.memory = memory
        self.beside = Beside(memory)  # for what must go on while the memory is away
        self.clock = clock
        self.pace = pace or Pace()
        self.every = every
        self.health = Health()
        self.api = api or Api(settings)
        self.sender = Sender(settings=settings, api=self.api, memory=memory, clock=clock)
        self.recorder = Recorder(settings=settings, api=self.api, memory=memory, health=self.health)
        self.desks: list[Desk] = []  # one for each inbox, which is one

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        """What callers do, and what became of our news, under /in/phone."""
        gate = Gate(settings=self.settings, health=self.health, pace=self.pace)
        webhook = Webhook(
            settings=self.settings,
            desk=self._desk(inbox),
            recorder=self.recorder,
            clock=self.clock,
            health=self.health,
            pace=self.pace,
            gate=gate,
        )
        news = News(
            settings=self.settings,
            memory=self.memory,
            ends=Ends(self.beside),
            clock=self.clock,
            inbox=inbox,
            gate=gate,
        )
        return (*webhook.routes(), *news.routes())

    async def listen(self, inbox: Inbox) -> None:
        """Compare Twilio's books with ours, until cancelled."""
        books = Books(
            settings=self.settings,
            api=self.api,
            desk=self._desk(inbox),
            memory=self.memory,
            clock=self.clock,
            health=self.health,
            every=self.every,
        )
        await books.watch()

    async def read(self, item: Item) -> Submission:
        """What a kept item (what Twilio told, as JSON) says. Raises Unreadable."""
        least = self.settings.least_confidence
        return understand(read_raw(item.raw), received_at=item.received_at, least_confidence=least)

    async def send(self, outbound: Outbound) -> Receipt:
        """One delivery attempt; raises a DeliveryError."""
        return await self.sender.send(outbound)

    async def fetch(self, attachment: Attachment) -> Attachment:
        """The recording. Raises Retryable while it is not ready, Rejected when it is gone for good."""
        return await fetch(self.api, attachment)

    async def tidy(self, attachment: Attachment) -> None:
        """Delete the recording at Twilio, where that is wanted; raises a DeliveryError."""
        if self.settings.delete_recordings and attachment.ref:
            await self.api.delete_recording(attachment.ref)

    async def look_up(self, call: str) -> CallReport:
        """How the call stands by Twilio's books. Raises DeliveryError; Rejected when they do not know it."""
        return await look_up(self.api, call, self.clock)

    async def books(self, since: datetime, until: datetime) -> Sequence[Sourced]:
        """Twilio's lists of calls, recordings and messages. Raises DeliveryError."""
        return await sourced(self.api, self.settings, since, until)

    def vouches(self, key: str, envelope: Mapping[str, str]) -> bool:
        """What its lists would name: the beginning of a call, a recording that is still there, a message of ours."""
        return vouches(key, keeps_recordings=not self.settings.delete_recordings)

    def may_text(self, to: Contact) -> bool:
        """Can a text message reach this number from our account?"""
        return self.sender.may_text(to)

    def state(self) -> Mapping[str, str]:
        """Counts since the start, and ``problem`` while something must be mended."""
        return {**self.health.state(), **facts_of(self.settings.checks)}

    async def aclose(self) -> None:
        for desk in self.desks:
            await desk.aclose()
        await self.recorder.aclose()
        await self.api.aclose()

    def _desk(self, inbox: Inbox) -> Desk:
        """The desk of this inbox: what is handed over there by callback and from the books is joined by its key."""
        for desk in self.desks:
            if desk.inbox is inbox:
                return desk
        made = Desk(
            settings=self.settings,
            inbox=inbox,
            memory=self.beside,
            clock=self.clock,
            health=self.health,
            pace=self.pace,
            recorder=self.recorder,
        )
        self.desks.append(made)
        return made
