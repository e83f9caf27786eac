"""The watch over the mailbox: connect, sweep, wait for a push, and again; for ever, whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from channels.base import Clock, Inbox, Memory
from channels.email.backoff import Backoff
from channels.email.handover import Handover, Place, Reader
from channels.email.limits import Limits
from channels.email.mailbox import LineLost, Mailbox, Refused
from channels.email.settings import EmailSettings
from channels.email.sweep import Sweeper, Swept
from channels.errors import Misconfigured

log = structlog.get_logger(__name__)

CANNOT_STORE = "the gateway cannot store what arrives; mails wait on the server"


class Intake:
    """Watches one mailbox. Only what is neither the line's fault nor the settings' ends it."""

    def __init__(
        self,
        settings: EmailSettings,
        *,
        inbox: Inbox,
        reader: Reader,
        memory: Memory,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._settings = settings
        self._server = settings.imap
        self._place = f"{self._server.user}@{self._server.host}/{self._server.mailbox}"
        self._inbox = inbox
        self._reader = reader
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._line = Backoff(limits.retry_first, limits.retry_longest)
        self._trouble = Backoff(limits.retry_first, limits.retry_longest)
        self._uidvalidity = -1
        self._sweeper: Sweeper | None = None
        self._listening = "connecting"
        self._problem = ""
        self._last_proof = ""

    def state(self) -> Mapping[str, str]:
        """How the watch is doing: listening, last_proof (the server's last answer), problem while there is one."""
        known = {"listening": self._listening, "last_proof": self._last_proof, "problem": self._problem}
        return {name: fact for name, fact in known.items() if fact}

    async def run(self) -> None:
        while True:
            await self._try()

    async def _try(self) -> None:
        began = asyncio.get_running_loop().time()
        try:
            await self._visit()
        except Misconfigured as error:
            # Long, and no shorter however often: every wrong try brings the account nearer to being locked.
            await self._pause(str(error), self._limits.refused_time)
        except LineLost as error:
            self._note_health(began)
            # A line that was lost is everyday; one that cannot be had is a problem.
            unreachable = self._listening == "connecting"
            await self._pause(f"the mailbox cannot be reached: {error}" if unreachable else "", self._line.next())
        except Refused as error:
            await self._pause(f"the IMAP server refused a command: {error}", self._line.next())
        except NothingStored as error:
            await self._pause(str(error), self._trouble.next())

    async def _visit(self) -> None:
        self._listening = "connecting"
        mailbox = await Mailbox.open(self._server, self._limits, self._prove)
        try:
            sweeper = await self._sweeper_for(mailbox.uidvalidity)
            log.info("mailbox_opened", push=mailbox.can_push)
            while True:
                await self._round(mailbox, sweeper)
        finally:
            mailbox.abort()

    async def _round(self, mailbox: Mailbox, sweeper: Sweeper) -> None:
        self._listening = "sweeping"
        swept = await sweeper.sweep(mailbox)
        if swept.handled or swept.troubled:
            log.info("mailbox_swept", handled=swept.handled, troubled=swept.troubled, stuck=swept.stuck)
        if swept.stopped:
            raise NothingStored(CANNOT_STORE)
        self._problem = "handled mails cannot be moved out of the mailbox" if swept.stuck else ""
        # Having handled something, look again: what came meanwhile was told in answers that nobody listened to.
        if not swept.handled:
            self._listening = "idle" if mailbox.can_push else "polling"
            await mailbox.wait_for_push(self._patience(swept))

    def _patience(self, swept: Swept) -> float:
        if swept.troubled:
            return min(self._settings.poll, self._trouble.next())
        self._trouble.reset()
        return self._settings.poll

    async def _sweeper_for(self, uidvalidity: int) -> Sweeper:
        """The same one over many connections, until the server counts its mails anew (RFC 3501 2.3.1.1)."""
        if self._sweeper is None or uidvalidity != self._uidvalidity:
            await self._remember(uidvalidity)
            self._uidvalidity = uidvalidity
            self._sweeper = Sweeper(
                handover=Handover(
                    inbox=self._inbox,
                    reader=self._reader,
                    clock=self._clock,
                    mailbox=self._server.mailbox,
                    uidvalidity=uidvalidity,
                ),
                folders={Place.PROCESSED: self._settings.processed, Place.QUARANTINE: self._settings.quarantine},
                limits=self._limits,
            )
        return self._sweeper

    async def _remember(self, uidvalidity: int) -> None:
        key = f"uidvalidity {self._place}"
        before = await self._memory.get(key)
        if before == str(uidvalidity):
            return
        if before is not None:
            log.warning("mailbox_counted_anew", before=before, now=uidvalidity)
        await self._memory.put(key, str(uidvalidity))

    async def _pause(self, problem: str, seconds: float) -> None:
        self._problem, self._listening = problem, "waiting"
        log.warning("mailbox_waits", problem=problem, seconds=round(seconds, 1))
        await asyncio.sleep(seconds)

    def _note_health(self, began: float) -> None:
        if asyncio.get_running_loop().time() - began >= self._limits.healthy_after:
            self._line.reset()

    def _prove(self) -> None:
        self._last_proof = self._clock.now().isoformat(timespec="seconds")


class NothingStored(Exception):
    """The gateway could not store what was handed to it."""
