"""What a gateway of the crash test wears over its own code: hurry, quick neighbours of the letters, and its doom.

None of it is a flag of the gateway's: a life is dressed before it begins, from outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import channels.letter.build
import channels.phone.books
import gateway.background
import gateway.delivery.fetching
import gateway.delivery.settle
import gateway.delivery.worker
import gateway.operations.calls
import gateway.operations.replay
from channels.letter.printing.values import Letterhead
from gateway.delivery.schedule import next_attempt
from tests.chaos.doom import BOOK, PLACES, Doom
from tests.letter.mailroom import HandPress, PaperClerk

HURRY = "CHAOS_HURRY"  # set: waits are seconds instead of minutes
READING_SECONDS = 0.3  # for a letter: by far the slowest of what is read
SOON = timedelta(seconds=2)


def dress(environment: Mapping[str, str]) -> None:
    """For the rest of this process's life."""
    channels.letter.build.PaperReader = _clerk  # type: ignore[attr-defined,assignment]
    channels.letter.build.Press = _press  # type: ignore[attr-defined,assignment]
    if environment.get(HURRY):
        _hurry()
    if environment.get(BOOK):
        Doom(environment[BOOK], environment.get(PLACES, "")).watch()


def _clerk(*, threads: int) -> PaperClerk:
    async def slowly(_: bytes) -> None:
        await asyncio.sleep(READING_SECONDS / threads)

    return PaperClerk(before=slowly)


def _press(_: Letterhead) -> HandPress:
    return HandPress()


def _hurry() -> None:
    """Each wait keeps its meaning: a lease is longer than the send it covers, a call is quiet longer than a step."""
    gateway.delivery.worker.SEND_SECONDS = 4.0
    gateway.delivery.worker.LEASE = timedelta(seconds=9)
    gateway.delivery.worker.IDLE_SECONDS = 1.0
    gateway.delivery.fetching.LEASE = timedelta(seconds=9)
    gateway.delivery.fetching.IDLE_SECONDS = 1.0
    gateway.delivery.fetching.STEPS = (timedelta(seconds=1), SOON, SOON, SOON, SOON)
    gateway.delivery.settle.next_attempt = _soon  # type: ignore[attr-defined]
    gateway.background.ROUND_SECONDS = 2.0
    gateway.operations.replay.LEFT_BEHIND_AFTER = timedelta(seconds=6)
    gateway.operations.calls.QUIET = timedelta(seconds=8)
    _shorten(channels.phone.books.Books.__init__, every=3.0)


def _soon(now: datetime, created_at: datetime, attempts: int, after: timedelta | None) -> datetime | None:
    chosen = next_attempt(now, created_at, attempts, after)
    return None if chosen is None else min(chosen, now + SOON)


def _shorten(function: object, **seconds: float) -> None:
    """Times that are the defaults of a constructor."""
    function.__kwdefaults__ = {**function.__kwdefaults__, **seconds}  # type: ignore[attr-defined]
