"""One pass over everything in the mailbox. What is in the folder is the queue; what is handled has left it.

There is no high-water mark and no \\Seen: a mail that a person has looked at, that came under another UIDVALIDITY, or
that was left over by a crash is in the folder and so is seen to. Nothing leaves before the gateway has committed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from channels.email.fetching import Mail, fetched
from channels.email.handover import Handover, Place
from channels.email.keys import sender_of
from channels.email.limits import Limits
from channels.email.mailbox import Mailbox, Refused

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What one pass came to."""

    handled: int = 0
    troubled: int = 0  # still in the folder, to be tried again
    stuck: int = 0  # handled, but the server will not put them away
    stopped: bool = False  # given up before the end: nothing could be stored


class Sweeper:
    """Passes over one mailbox under one UIDVALIDITY; remembers between passes what could not be finished."""

    def __init__(self, *, handover: Handover, folders: dict[Place, str], limits: Limits) -> None:
        self._handover = handover
        self._folders = folders
        self._limits = limits
        self._attempts: Counter[int] = Counter()
        self._places: dict[int, Place] = {}  # safe with us, not yet put away
        self._turns = asyncio.Semaphore(limits.concurrent)

    async def sweep(self, mailbox: Mailbox) -> Swept:
        """Hand over and put away everything that is there. Raises LineLost."""
        there = await mailbox.uids()
        self._forget_all_but(there)
        if self._places:
            await self._put_away(mailbox)
        waiting = [uid for uid in there if uid not in self._places]
        handled, stopped = await self._hand_over(mailbox, waiting)
        return Swept(handled=handled, troubled=len(self._attempts), stuck=len(self._places), stopped=stopped)

    async def _hand_over(self, mailbox: Mailbox, uids: Sequence[int]) -> tuple[int, bool]:
        handled = failed_in_a_row = 0
        async with aclosing(fetched(mailbox, uids, self._limits)) as ranges:
            async for mails in ranges:
                succeeded = await self._hand_range(mails)
                await self._put_away(mailbox)
                handled += succeeded
                failed_in_a_row = 0 if succeeded else failed_in_a_row + sum(mail.raw is not None for mail in mails)
                # One mail that fails is that mail's fault; several in a row mean that nothing can be stored now.
                if failed_in_a_row >= self._limits.failures:
                    return handled, True
        return handled, False

    async def _hand_range(self, mails: Iterable[Mail]) -> int:
        """Different senders at the same time, one sender's mails one after the other; how many succeeded."""
        by_sender: dict[bytes, list[Mail]] = {}
        for mail in mails:
            by_sender.setdefault(sender_of(mail.raw or b""), []).append(mail)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._hand_in_turn(those)) for those in by_sender.values()]
        return sum(task.result() for task in tasks)

    async def _hand_in_turn(self, mails: Iterable[Mail]) -> int:
        succeeded = 0
        for mail in mails:
            async with self._turns:
                succeeded += await self._hand_one(mail)
        return succeeded

    async def _hand_one(self, mail: Mail) -> bool:
        try:
            self._places[mail.uid] = await self._attempt(mail)
        except Exception as error:  # whatever it was, the next mail must not suffer for it
            self._attempts[mail.uid] += 1
            attempts = self._attempts[mail.uid]
            log.warning("mail_not_handled", uid=mail.uid, attempts=attempts, error=type(error).__name__)
            return False
        self._attempts.pop(mail.uid, None)
        return True

    async def _attempt(self, mail: Mail) -> Place:
        last = self._attempts[mail.uid] + 1 >= self._limits.attempts
        if mail.raw is None:
            if last:
                return await self._handover.hand_unread(mail, "the mail server does not give this mail")
            raise Vanished
        try:
            return await self._handover.hand(mail)
        except Exception as error:
            if not last:
                raise
            # With the store away this fails too, and the mail stays. A mail that fails alone goes to a person.
            return await self._handover.hand_unread(
                mail, f"handling failed {self._limits.attempts} times: {type(error).__name__}"
            )

    async def _put_away(self, mailbox: Mailbox) -> None:
        for place in Place:
            uids = [uid for uid, found in self._places.items() if found is place]
            for start in range(0, len(uids), self._limits.listing):
                await self._move(mailbox, uids[start : start + self._limits.listing], place)

    async def _move(self, mailbox: Mailbox, uids: Sequence[int], place: Place) -> None:
        try:
            await mailbox.move(uids, self._folders[place])
        except Refused as error:
            log.error("mails_not_put_away", folder=place.value, mails=len(uids), answer=str(error)[:80])
            return
        for uid in uids:
            self._places.pop(uid, None)

    def _forget_all_but(self, there: Sequence[int]) -> None:
        present = set(there)
        self._places = {uid: place for uid, place in self._places.items() if uid in present}
        self._attempts = Counter({uid: tries for uid, tries in self._attempts.items() if uid in present})


class Vanished(Exception):
    """The server listed the mail and then did not give it."""
