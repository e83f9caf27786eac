from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from channels.email.channel import EmailChannel
from channels.email.limits import Limits
from channels.email.pool import PoolLimits
from channels.email.settings import EmailSettings
from channels.email.simulator import MailSimulator
from tests.email_transport.recording import PlainMemory, PlainReader, RecordingInbox, WallClock

# Small enough that a fault is over in a moment, large enough for a busy machine.
HASTY = Limits(
    command_time=0.4,
    probe_time=0.4,
    idle_time=5.0,
    retry_first=0.02,
    retry_longest=0.2,
    refused_time=60.0,
)


@dataclass
class Gateway:
    """The e-mail channel between a mail server and a recording inbox, stopped and started at will."""

    settings: EmailSettings
    inbox: RecordingInbox = field(default_factory=RecordingInbox)
    reader: PlainReader = field(default_factory=PlainReader)
    memory: PlainMemory = field(default_factory=PlainMemory)
    limits: Limits = HASTY

    def channel(self, **changes: object) -> EmailChannel:
        return EmailChannel(
            replace(self.settings, **changes),  # type: ignore[arg-type] # names and types are the caller's care
            self.reader,
            self.memory,
            WallClock(),
            limits=self.limits,
            pool_limits=PoolLimits(command_time=2.0, data_time=1.0),
        )

    @asynccontextmanager
    async def listening(self, **changes: object) -> AsyncIterator[EmailChannel]:
        channel = self.channel(**changes)
        listening = asyncio.create_task(channel.listen(self.inbox))
        try:
            yield channel
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
            await channel.aclose()


async def eventually(true: Callable[[], bool], *, within: float = 10.0) -> None:
    """For what a server does after it answered, and tells nobody."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 -- a folder on disk raises no event
            await asyncio.sleep(0.01)


@pytest.fixture
async def simulator() -> AsyncIterator[MailSimulator]:
    provider = MailSimulator()
    await provider.start()
    yield provider
    await provider.stop()


@pytest.fixture
async def gateway(simulator: MailSimulator) -> Gateway:
    return Gateway(settings=settings_for(simulator))


def settings_for(simulator: MailSimulator, poll: float = 0.3) -> EmailSettings:
    return EmailSettings(
        address="tousu@insurer.example",
        imap_url=simulator.imap_url(),
        smtp_url=simulator.smtp_url(),
        poll=poll,
        secret=b"a secret of the tests",
        org_name="平安示例保险",
    )
