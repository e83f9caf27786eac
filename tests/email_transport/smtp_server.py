"""A real SMTP server (aiosmtpd) that does as it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postbox:
    """What the server took, and how it answers: recipients to refuse, an answer to DATA."""

    mails: list[Envelope] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)  # used up one by one, then "250 OK"
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.sessions.add(id(session))
        if self.data_answers:
            return self.data_answers.pop(0)
        self.mails.append(envelope)
        return "250 OK"

    @property
    def raws(self) -> list[bytes]:
        return [mail.content for mail in self.mails if isinstance(mail.content, bytes)]


def log_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"tousu", b"secret")
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def smtp_server(
    postbox: Postbox, *, tls: ssl.SSLContext | None = None, starttls: bool = False
) -> AsyncIterator[int]:
    """The port of a running server; with ``tls`` from the first byte, or after STARTTLS."""

    sessions: list[SMTP] = []

    def session() -> SMTP:
        made = SMTP(
            postbox,
            hostname="mx.test.invalid",
            authenticator=log_in,
            auth_require_tls=starttls,
            require_starttls=starttls,
            tls_context=tls if starttls else None,
        )
        sessions.append(made)
        return made

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=None if starttls else tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for made in sessions:
            if made.transport is not None:
                made.transport.close()
        await server.wait_closed()
