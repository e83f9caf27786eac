"""One SMTP session (RFC 5321) with AUTH; what it takes goes to the provider."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Callable

from channels.email.simulator.faults import Faults, Kind
from channels.email.simulator.lines import Torn, silence, tear

PATH = re.compile(r":\s*<([^>]*)>")
LARGEST = 50 * 1024 * 1024
USUAL_REFUSAL = "451 4.3.0 try again later"

Accept = Callable[[str, list[str], bytes], None]
LogIn = Callable[[str, str], bool]


class SmtpSession:
    """Talks with one client until it leaves or a fault ends it."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        accept: Accept,
        log_in: LogIn,
        refused: Callable[[str], str],
        faults: Faults,
        mails_per_session: int = 100,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._accept = accept
        self._log_in = log_in
        self._refused = refused
        self._faults = faults
        self._left = mails_per_session
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        await self._say("220 mx.simulator.example ESMTP")
        while line := await self._reader.readline():
            await self._command(line.decode("utf-8", "replace").rstrip("\r\n"))

    async def _command(self, line: str) -> None:
        name, _, arguments = line.partition(" ")
        name = name.upper()
        fault = self._faults.due(name, arguments)
        match fault.kind if fault else None:
            case Kind.REFUSE:
                answer = fault.answer or USUAL_REFUSAL if fault else USUAL_REFUSAL
                await self._say(answer)
                if answer.startswith("421"):
                    raise Torn
                return
            case Kind.SILENCE:
                await silence()
            case Kind.RESET | Kind.BYE | Kind.CUT | Kind.DRIP:
                tear(self._writer)
        await self._say(await self._answered(name, arguments, lose=bool(fault)))
        if name == "QUIT":
            raise Torn

    async def _answered(self, name: str, arguments: str, *, lose: bool) -> str:
        match name:
            case "EHLO":
                return "250-mx.simulator.example\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 52428800"
            case "HELO" | "NOOP":
                return "250 OK"
            case "RSET":
                self._sender, self._recipients = None, []
                return "250 OK"
            case "QUIT":
                return "221 bye"
            case "AUTH":
                return await self._authenticate(arguments)
            case "MAIL":
                return self._mail(arguments)
            case "RCPT":
                return self._rcpt(arguments)
            case "DATA":
                return await self._data(lose=lose)
        return "500 unknown command"

    async def _authenticate(self, arguments: str) -> str:
        mechanism, _, initial = arguments.partition(" ")
        if mechanism.upper() == "PLAIN":
            _, user, password = [*_decoded(initial or await self._ask("")).split("\0"), "", ""][:3]
        else:
            user = _decoded(initial or await self._ask("VXNlcm5hbWU6"))
            password = _decoded(await self._ask("UGFzc3dvcmQ6"))
        return "235 welcome" if self._log_in(user, password) else "535 5.7.8 wrong user or password"

    def _mail(self, arguments: str) -> str:
        path = PATH.search(arguments)
        if path is None:
            return "501 no path"
        if self._sender is not None:
            return "503 nested MAIL"
        if self._left <= 0:
            return "452 4.5.3 Too many messages sent"
        self._sender = path[1]
        return "250 OK"

    def _rcpt(self, arguments: str) -> str:
        path = PATH.search(arguments)
        if path is None or self._sender is None:
            return "503 MAIL first"
        if refusal := self._refused(path[1]):
            return refusal
        self._recipients.append(path[1])
        return "250 OK"

    async def _data(self, *, lose: bool) -> str:
        if self._sender is None or not self._recipients:
            return "503 RCPT first"
        await self._say("354 go ahead")
        raw = await self._dotted()
        sender, recipients = self._sender, self._recipients
        self._sender, self._recipients = None, []
        if len(raw) > LARGEST:
            return "552 5.3.4 too big"
        self._left -= 1
        self._accept(sender, recipients, raw)
        if lose:
            tear(self._writer)
        return "250 2.0.0 queued"

    async def _dotted(self) -> bytes:
        gathered: list[bytes] = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                raise Torn
            gathered.append(line.removeprefix(b"."))
        return b"".join(gathered)

    async def _ask(self, words: str) -> str:
        await self._say(f"334 {words}")
        return (await self._reader.readline()).decode("ascii", "replace").strip()

    async def _say(self, words: str) -> None:
        self._writer.write(words.encode("ascii") + b"\r\n")
        await self._writer.drain()


def _decoded(words: str) -> str:
    try:
        return base64.b64decode(words).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
