"""The letter channel: listens to the mailroom's folder, reads scans, has answers printed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from channels.base import Clock, HandIn, Inbox, Item, Kept, Outbound, Receipt, Route, Sourced
from channels.errors import Misconfigured
from channels.letter.backlog import Backlog
from channels.letter.folder import Folder
from channels.letter.handover import Handover
from channels.letter.hints import FolderHints
from channels.letter.items import CHANNEL, Source, check_amount, check_day, item_of
from channels.letter.limits import Limits
from channels.letter.opening import Opener
from channels.letter.ports import Hints, Reader
from channels.letter.sending import LetterSender
from channels.letter.settings import LetterSettings
from channels.letter.slips import Slips
from channels.letter.sourced import sourced, vouches
from channels.letter.watching import Watch
from normalizer.record import Submission


class NotJoined(RuntimeError):
    """The channel was used before it was given the gateway's inbox."""


class LetterChannel:
    """Implements Channel, Mailroom, Books and Probe."""

    def __init__(
        self,
        settings: LetterSettings,
        *,
        reader: Reader,
        slips: Slips,
        sender: LetterSender,
        clock: Clock,
        limits: Limits | None = None,
        hints: Callable[[Path], Hints] = FolderHints,
    ) -> None:
        self._settings = settings
        self._reader = reader
        self._sender = sender
        self._clock = clock
        self._limits = limits or Limits()
        self._hints = hints
        self._opener = Opener(reader, slips, self._limits)
        self._backlog = Backlog(self._hand, self._limits)
        self._inbox: Inbox | None = None
        self._watch: Watch | None = None
        self._sending_problem = ""

    @property
    def name(self) -> str:
        return CHANNEL

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        """None; but from now on the channel knows whom to hand things to."""
        self._inbox = inbox
        return ()

    async def listen(self, inbox: Inbox) -> None:
        """Watch the folder until cancelled."""
        self._inbox = inbox
        self._watch = self._watch_for(inbox)
        await asyncio.to_thread(self._make_tray)
        await self._watch.run()

    async def read(self, item: Item) -> Submission:
        """What a scan says; the letters of a batch are kept and queued before it comes back.

        Raises Unreadable, NotNow.
        """
        return await self._opener.open(item, self._joined().keep, self._backlog.add)

    async def hand_in(self, given: HandIn) -> tuple[str, bool]:
        """Keep what somebody gave us at the desk, and read it soon. Raises Unreadable."""
        now = self._clock.now()
        check_amount(given, self._limits)
        check_day(given, now)
        item = await asyncio.to_thread(item_of, given, Source.UPLOAD, now)
        kept = await self._joined().keep(item)
        if not kept.finished:
            self._backlog.add(item)
        return item.key, kept is Kept.NEW

    async def settled(self) -> None:
        """Returns when nothing that was handed in waits any more."""
        await self._backlog.settled()

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt. Raises a DeliveryError."""
        try:
            receipt = await self._sender.send(outbound)
        except Misconfigured as error:
            self._sending_problem = str(error) if self._settings.out else ""  # without a tray it is a choice
            raise
        self._sending_problem = ""
        return receipt

    async def books(self, since: datetime, until: datetime) -> Sequence[Sourced]:
        """The folder and what we put away of it, up to now. Raises Retryable."""
        return await asyncio.to_thread(sourced, self._settings.folder, self._limits, since, self._clock.now())

    def vouches(self, key: str, envelope: Mapping[str, str]) -> bool:
        """What came by the folder lies in it still, whole."""
        return vouches(envelope)

    async def aclose(self) -> None:
        await self._backlog.aclose()
        await self._opener.aclose()
        await self._sender.aclose()
        await self._reader.aclose()

    def state(self) -> Mapping[str, str]:
        """For /readyz: listening, waiting, and problem when the folder or the press fails us."""
        known = dict(self._watch.state()) if self._watch else {"listening": "not started"}
        known["reading"] = str(len(self._backlog))
        if self._sending_problem:
            known["problem"] = "; ".join(filter(None, (known.get("problem"), self._sending_problem)))
        return known

    def _watch_for(self, inbox: Inbox) -> Watch:
        settings = self._settings
        folder = Folder(
            settings.folder,
            settings.stable,
            handover=Handover(inbox, self),
            clock=self._clock,
            limits=self._limits,
        )
        hints = self._hints(settings.folder)
        return Watch(settings.folder, folder, hints, rescan=settings.rescan, limits=self._limits)

    def _make_tray(self) -> None:
        if self._settings.out is not None:
            with suppress(OSError):  # whoever sends will say so
                self._settings.out.mkdir(parents=True, exist_ok=True)

    def _joined(self) -> Inbox:
        if self._inbox is None:
            raise NotJoined("letters were handed in before the gateway was there")
        return self._inbox

    async def _hand(self, item: Item) -> None:
        await Handover(self._joined(), self).hand(item)
