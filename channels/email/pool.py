"""A few SMTP connections, lent out one mail at a time and not used for too long."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib

from channels.email.settings import Security, SmtpServer


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolLimits:
    """Times in seconds."""

    lines: int = 3
    mails: int = 50  # one connection; OpenSMTPD refuses the 101st with 452, others sooner
    idle: float = 60.0
    command_time: float = 20.0
    data_time: float = 60.0  # servers scan for viruses before they answer (RFC 5321 4.5.3.2.6 grants 10 min)


class Line:
    """One connection and what it has carried."""

    def __init__(self, server: SmtpServer, helo: str, limits: PoolLimits) -> None:
        self.carried = 0
        self.rested_since = 0.0
        self.client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            timeout=limits.command_time,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,  # None would go on in clear when it is not offered
            tls_context=ssl.create_default_context() if server.security is not Security.NONE else None,
            local_hostname=helo,  # the default looks itself up in DNS and blocks
        )

    @property
    def is_used(self) -> bool:
        return self.carried > 0


class SmtpPool:
    """Lends connections. A line that was not given back by ``carried`` is closed: nobody knows what state it is in."""

    def __init__(self, server: SmtpServer, *, helo: str, limits: PoolLimits | None = None) -> None:
        self._server = server
        self._helo = helo  # the name we introduce ourselves by
        self.limits = limits or PoolLimits()
        self._resting: list[Line] = []
        self._turns = asyncio.Semaphore(self.limits.lines)
        self.opened = 0  # connections made so far

    @asynccontextmanager
    async def line(self, *, fresh: bool = False) -> AsyncIterator[Line]:
        """A connected line, alone ours. Raises what aiosmtplib raises when it cannot be had."""
        async with self._turns:
            lent = await self._take(fresh)
            before = lent.carried
            try:
                yield lent
            finally:
                if lent.carried > before and lent.client.is_connected and lent.carried < self.limits.mails:
                    lent.rested_since = asyncio.get_running_loop().time()
                    self._resting.append(lent)
                else:
                    lent.client.close()

    async def aclose(self) -> None:
        """Say goodbye on the lines that rest."""
        resting, self._resting = self._resting, []
        for line in resting:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await line.client.quit(timeout=2)
            line.client.close()

    async def _take(self, fresh: bool) -> Line:
        self._close_stale()
        if self._resting and not fresh:
            return self._resting.pop()
        line = Line(self._server, self._helo, self.limits)
        await line.client.connect()
        self.opened += 1
        return line

    def _close_stale(self) -> None:
        oldest = asyncio.get_running_loop().time() - self.limits.idle
        for line in [line for line in self._resting if line.rested_since < oldest or not line.client.is_connected]:
            self._resting.remove(line)
            line.client.close()
