"""One pass over the folder: what has come to rest is claimed, handed to the gateway, and put away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from channels.base import Clock
from channels.errors import NotNow
from channels.letter.claiming import Claim, Claims
from channels.letter.days import today_of
from channels.letter.handover import Handover, Place
from channels.letter.items import Source, item_of, stand_in, why_in_words
from channels.letter.limits import Limits
from channels.letter.loading import NotKept, broken_note, load
from channels.letter.pieces import Piece, pieces_in
from channels.letter.settling import Settling
from channels.letter.troubles import Troubles

log = structlog.get_logger(__name__)

IN_A_ROW = 3  # one letter that fails is that letter's fault; several in a row: nothing can be stored or read now
GIVEN_UP = "多次处理失败 / handling failed again and again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """What one pass came to."""

    handled: int = 0
    waiting: int = 0  # pieces that are not at rest yet
    stopped: bool = False  # given up before the end: nothing could be stored or read


class Folder:
    """Passes over one folder; remembers between passes what is settling and what failed."""

    def __init__(self, folder: Path, stable: float, *, handover: Handover, clock: Clock, limits: Limits) -> None:
        self._folder = folder
        self._handover = handover
        self._clock = clock
        self._limits = limits
        self._claims = Claims(folder)
        self._settling = Settling(stable, limits)
        self._troubles = Troubles(limits)
        self._failures = 0

    async def make_folders(self) -> None:
        await asyncio.to_thread(self._claims.make_folders)

    async def go_through(self) -> Passed:
        """Raises OSError when the folder itself cannot be read or written."""
        self._failures = handled = 0
        left = await asyncio.to_thread(self._claims.left)
        for claim in self._troubles.due(left, self._clock.now()):
            handled += await self._take_up(claim)
            if self._failures >= IN_A_ROW:
                return Passed(handled=handled, stopped=True)
        return await self._go_through_new(handled)

    def patience(self) -> float | None:
        """Seconds until a look is worth while again; None: nothing is under way."""
        now = self._clock.now()
        waits = [wait for wait in (self._settling.patience(now), self._troubles.patience(now)) if wait is not None]
        return min(waits, default=None)

    async def _go_through_new(self, handled: int) -> Passed:
        pieces = await asyncio.to_thread(pieces_in, self._folder, self._limits.names, today_of(self._clock.now()))
        due = await asyncio.to_thread(self._settling.due, pieces, self._clock.now())
        for piece in due:
            handled += await self._take(piece)
            if self._failures >= IN_A_ROW:
                return Passed(handled=handled, waiting=len(pieces), stopped=True)
        return Passed(handled=handled, waiting=len(pieces) - len(due))

    async def _take_up(self, left: Claim) -> int:
        try:
            claim = await asyncio.to_thread(self._claims.take_up, left)
        except OSError as error:
            self._troubles.failed(left, self._clock.now())
            log.warning("claim_not_taken_up", error=type(error).__name__)
            return 0
        return await self._bring_over(claim) if claim else 0

    async def _take(self, piece: Piece) -> int:
        try:
            claim = await asyncio.to_thread(self._claims.claim, piece)
        except OSError as error:
            log.warning("scan_not_claimed", error=type(error).__name__)
            self._settling.put_off(piece, self._clock.now())
            return 0
        return await self._bring_over(claim) if claim else 0

    async def _bring_over(self, claim: Claim) -> int:
        """1 when it is safe with the gateway and put away; whatever happens to it, the next must not suffer for it."""
        try:
            place, unreadable = await self._attempt(claim)
            why = why_in_words(unreadable) if place is Place.QUARANTINE else ""
            await asyncio.to_thread(self._claims.put_away, claim, now=self._clock.now(), why=why)
        except Exception as error:
            if claim.place.exists():  # else another gateway has brought it to its end
                self._put_off(claim, error)
            return 0
        self._failures = 0
        return 1

    def _put_off(self, claim: Claim, error: Exception) -> None:
        self._failures += 1
        if isinstance(error, NotNow):
            self._troubles.put_off(claim, self._clock.now())
        else:
            self._troubles.failed(claim, self._clock.now())
        log.warning("letter_not_handled", tries=self._troubles.tries(claim), error=type(error).__name__)

    async def _attempt(self, claim: Claim) -> tuple[Place, str]:
        try:
            return await self._hand(claim)
        except NotNow:
            raise  # however often: as soon as there is a reader it is read
        except Exception as error:
            if self._troubles.tries(claim) + 1 < self._limits.attempts or not claim.place.exists():
                raise
            # With the store away this fails too, and the letter stays. One that fails alone goes to a person.
            return await self._give_up(claim, f"{GIVEN_UP}: {type(error).__name__}")

    async def _hand(self, claim: Claim) -> tuple[Place, str]:
        now = self._clock.now()
        await self._part_with_note(claim, now)
        try:
            given = await asyncio.to_thread(load, claim, self._limits, today_of(now))
        except NotKept as error:
            log.warning("scan_not_kept", files=len(error.sizes))
            return await self._handover.hand(stand_in(claim.token, claim.title, error.sizes, error.cause, now))
        return await self._handover.hand(await asyncio.to_thread(item_of, given, Source.FOLDER, now))

    async def _part_with_note(self, claim: Claim, now: datetime) -> None:
        """A sidecar that cannot be used goes to a person, and the letter its way."""
        note = await asyncio.to_thread(broken_note, claim, today_of(now))
        if note is None:
            return
        name = note.path.name
        item = stand_in(f"{claim.token}/{name}", name, {name: note.size}, note.cause, now)
        await self._handover.hand(item)
        await asyncio.to_thread(self._claims.set_aside, note.path, why_in_words(note.cause))

    async def _give_up(self, claim: Claim, cause: str) -> tuple[Place, str]:
        now = self._clock.now()
        try:
            given = await asyncio.to_thread(load, claim, self._limits, today_of(now))
            item = await asyncio.to_thread(item_of, given, Source.FOLDER, now)
        except Exception:  # it cannot even be loaded: that it came is what we can still tell
            item = stand_in(claim.token, claim.title, {}, cause, now)
        return await self._handover.hand_unread(item, cause)
