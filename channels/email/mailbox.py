"""A mailbox over IMAP: the few verbs that intake needs, and the only module that knows aioimaplib.

aioimaplib 2.0.3 is good as long as nothing goes wrong. But it takes one command at a time, breaks on responses of a
thousand lines, never tells a waiter that the line is gone, and cannot go on after a timeout (its issues 106, 110, 118).
So here every command runs alone under a lock, against a clock and against the loss of the line, responses are kept
short, and after anything unforeseen the connection is thrown away: a Mailbox is used until its first LineLost, then a
new one is opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Any

import aioimaplib

from channels.email.imap_words import Record, found_uids, mailbox_name, quoted, records, uid_set
from channels.email.limits import Limits
from channels.email.settings import ImapServer, Security
from channels.errors import ChannelError, Misconfigured

# The library logs whole mails and "ignored" responses; nothing of that may reach our logs.
logging.getLogger("aioimaplib").disabled = True
logging.getLogger("aioimaplib.aioimaplib").disabled = True

CLIENT_ID = {"name": "tousu-gateway", "version": "1"}  # RFC 2971; 163 and 126 refuse SELECT without it
KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4), ("TCP_USER_TIMEOUT", 90_000))
UIDVALIDITY = re.compile(rb"UIDVALIDITY (\d+)")
# A refusal that will pass by itself (RFC 5530, and what servers write without its codes).
PASSING = re.compile(r"UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|temporar|try again|too many|timed? ?out", re.I)

# RFC 3501 9, whatever our own language is.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Command = Callable[[], Awaitable[Any]]


class LineLost(ChannelError):
    """The connection to the mailbox is gone or not to be trusted; open a new one."""


class Refused(ChannelError):
    """The server understood the command and said no; the connection lives."""


class Mailbox:
    """One connection with one folder selected. Every verb raises LineLost when the connection is gone."""

    def __init__(self, server: ImapServer, limits: Limits, proven: Callable[[], None] = lambda: None) -> None:
        self._server = server
        self._limits = limits
        self._proven = proven  # told after every answer of the server
        self._lock = asyncio.Lock()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._capabilities: frozenset[str] = frozenset()
        self.uidvalidity = 0
        self._client: Any = aioimaplib.IMAP4(
            host=server.host,
            port=server.port,
            timeout=limits.command_time,
            conn_lost_cb=self._on_lost,
            ssl_context=ssl.create_default_context() if server.security is Security.TLS else None,
        )

    @classmethod
    async def open(cls, server: ImapServer, limits: Limits, proven: Callable[[], None] = lambda: None) -> Mailbox:
        """Connect, log in, name ourselves, select. Raises LineLost, or Misconfigured for a wrong password or folder."""
        mailbox = cls(server, limits, proven)
        try:
            await mailbox._connect()
            await mailbox._log_in()
            await mailbox._select()
        except BaseException:
            mailbox.abort()
            raise
        return mailbox

    @property
    def can_push(self) -> bool:
        return "IDLE" in self._capabilities

    async def uids(self) -> list[int]:
        """All mails of the folder, ascending."""
        answer = await self._ask(lambda: self._client.uid_search("ALL", charset=None))
        return found_uids(answer.lines)

    async def uids_since(self, day: date) -> list[int]:
        """Mails that came on that day or later, by the server's calendar, ascending."""
        wanted = f"SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}"
        answer = await self._ask(lambda: self._client.uid_search(wanted, charset=None))
        return found_uids(answer.lines)

    async def describe(self, uids: Iterable[int]) -> list[Record]:
        """Size and date of up to ``limits.listing`` mails; one that has vanished is left out."""
        answer = await self._ask(lambda: self._fetch(uids, "(UID INTERNALDATE RFC822.SIZE)"))
        return [record for record in records(answer.lines) if record.size is not None]

    async def bodies(self, uids: Iterable[int], size: int) -> dict[int, bytes]:
        """The mails whole, without marking them as read; ``size`` in bytes, of all together, sets the time allowed."""
        answer = await self._ask(lambda: self._fetch(uids, "(UID BODY.PEEK[])"), within=self._download_time(size))
        return {record.uid: record.body for record in records(answer.lines) if record.body is not None}

    async def part(self, uid: int, offset: int, length: int) -> bytes | None:
        """A piece of one mail, shorter than ``length`` at its end; None when the mail has vanished."""
        what = f"(UID BODY.PEEK[]<{offset}.{length}>)"
        answer = await self._ask(lambda: self._fetch([uid], what), within=self._download_time(length))
        return next((record.body for record in records(answer.lines) if record.uid == uid), None)

    async def move(self, uids: Iterable[int], folder: str) -> None:
        """Move up to ``limits.listing`` mails, making the folder if needed. A mail that has vanished is no error.

        Raises Refused when the server will not (over quota, no right, folder cannot be made).
        """
        wanted = uid_set(uids)
        try:
            await self._move(wanted, mailbox_name(folder))
        except Refused:
            # RFC 9051 6.3.12 only says the server SHOULD answer TRYCREATE, so any refusal is answered by making it.
            with contextlib.suppress(Refused):
                await self._ask(lambda: self._client.create(mailbox_name(folder)))
            await self._move(wanted, mailbox_name(folder))

    async def wait_for_push(self, seconds: float) -> None:
        """Come back when something seems to have arrived, or after the time; only a hint either way (email.md 1.4)."""
        if not self.can_push:
            await self._silence(seconds)
            return
        async with self._lock:
            await self._idle(min(seconds, self._limits.idle_time))

    async def close(self) -> None:
        """Say goodbye if the line still works, and let go of it in any case."""
        with contextlib.suppress(LineLost, Refused):
            await self._ask(self._client.logout, within=min(2.0, self._limits.probe_time))
        self.abort()

    def abort(self) -> None:
        """Drop the line at once, with everything the library still waits for."""
        if self._client.protocol.transport is not None:
            self._client.protocol.transport.abort()
        for task in (self._client._client_task, *self._client.tasks, *self._client.protocol.tasks):
            task.cancel()
        if self._client._idle_waiter is not None:
            self._client._idle_waiter.cancel()
        self._on_lost(None)

    # -- opening ------------------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        await self._surely(self._client.wait_hello_from_server)
        self._keep_alive()

    async def _log_in(self) -> None:
        await self._learn_capabilities()
        if "LOGINDISABLED" in self._capabilities:
            raise Misconfigured("the IMAP server takes no password on this connection (LOGINDISABLED)")
        try:
            await self._ask(lambda: self._client.login(quoted(self._server.user), self._server.password))
        except Refused as error:
            raise _refusal("the IMAP server refused the user name or password", error) from error
        await self._learn_capabilities()
        if "ID" in self._capabilities:
            with contextlib.suppress(Refused):
                await self._ask(lambda: self._client.id(**CLIENT_ID))

    async def _learn_capabilities(self) -> None:
        # What the library parses from the LOGIN answer holds tokens such as "MULTIAPPEND]"; asked for, they are clean.
        await self._surely(self._client.protocol.capability)
        self._capabilities = frozenset(word.upper() for word in self._client.protocol.capabilities)

    async def _select(self) -> None:
        try:
            answer = await self._ask(lambda: self._client.select(mailbox_name(self._server.mailbox)))
        except Refused as error:
            raise _refusal("the IMAP server did not open the mailbox", error) from error
        found = UIDVALIDITY.search(b"\n".join(answer.lines))
        self.uidvalidity = int(found[1]) if found else 0
        if not self._capabilities & {"MOVE", "UIDPLUS"}:
            raise Misconfigured("the IMAP server has neither MOVE nor UIDPLUS; handled mails cannot be put away safely")

    def _keep_alive(self) -> None:
        line = self._client.protocol.transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEPALIVE:
            if option := getattr(socket, name, None):  # macOS lacks some
                line.setsockopt(socket.IPPROTO_TCP, option, value)

    # -- verbs --------------------------------------------------------------------------------------------------------

    def _fetch(self, uids: Iterable[int], what: str) -> Awaitable[Any]:
        fetching: Awaitable[Any] = self._client.uid("fetch", uid_set(uids), what)
        return fetching

    async def _move(self, wanted: str, folder: str) -> None:
        if "MOVE" in self._capabilities:
            await self._ask(lambda: self._client.uid("move", wanted, folder))
            return
        # UID EXPUNGE takes away only these; a plain EXPUNGE would also take what a person has marked (RFC 4315 2.1).
        await self._ask(lambda: self._client.uid("copy", wanted, folder))
        await self._ask(lambda: self._client.uid("store", wanted, "+FLAGS.SILENT", r"(\Deleted)"))
        await self._ask(lambda: self._client.uid("expunge", wanted))

    async def _silence(self, seconds: float) -> None:
        await asyncio.wait([self._lost], timeout=seconds)
        if self._lost.done():
            raise LineLost("the line was closed while waiting")

    async def _idle(self, seconds: float) -> None:
        ended = await self._surely(lambda: self._client.idle_start(seconds + self._limits.command_time))
        try:
            await self._news(seconds)
        except BaseException:
            self.abort()
            raise
        self._client.idle_done()
        # The answer to DONE is the proof of life: until here a dead line and a quiet mailbox look the same.
        answer = await self._surely(lambda: ended, self._limits.probe_time)
        if answer.result != "OK":
            self.abort()
            raise LineLost("the server ended IDLE with a refusal")

    async def _news(self, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        with contextlib.suppress(TimeoutError):
            while True:
                pushed = await self._race(self._client.protocol.idle_queue.get, until - clock())
                words = [bytes(line).upper() for line in pushed]
                if any(word.startswith(b"BYE") for word in words):
                    raise LineLost("the server said BYE")
                if any(word.endswith((b"EXISTS", b"RECENT")) for word in words):
                    return

    # -- one command at a time ----------------------------------------------------------------------------------------

    async def _ask(self, command: Command, within: float | None = None) -> Any:
        async with self._lock:
            answer = await self._surely(command, within)
        if answer.result != "OK":
            raise Refused(_words(answer))
        return answer

    async def _surely(self, command: Command, within: float | None = None) -> Any:
        """The command's answer; anything else, cancelling too, leaves a connection that nobody may use again."""
        try:
            return await self._race(command, within or self._limits.command_time)
        except BaseException as error:
            self.abort()
            if isinstance(error, Exception):
                raise _loss(error) from error
            raise

    async def _race(self, command: Command, within: float) -> Any:
        """The command's answer. Raises LineLost when the line goes first, TimeoutError when the time does."""
        if self._lost.done():
            raise LineLost("the line is closed")
        asking = asyncio.ensure_future(command())
        try:
            await asyncio.wait([asking, self._lost], timeout=max(within, 0), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise LineLost("the server closed the line") if self._lost.done() else TimeoutError
            answer = asking.result()
        finally:
            asking.cancel()
        self._proven()
        return answer

    def _on_lost(self, error: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    def _download_time(self, size: int) -> float:
        return self._limits.command_time + size / self._limits.slowest


def _words(answer: Any) -> str:
    last = answer.lines[-1] if answer.lines else b""
    return bytes(last).decode("utf-8", "replace")[:200]


def _refusal(what: str, error: Refused) -> ChannelError:
    return LineLost(str(error)) if PASSING.search(str(error)) else Misconfigured(f"{what}: {error}")


def _loss(error: Exception) -> ChannelError:
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return Misconfigured("the certificate of the IMAP server is not to be trusted")
    return LineLost("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)
