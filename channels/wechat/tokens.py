"""The access token: fetched once, shared by all, renewed in time.

Normal mode of https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken: WeChat gives every
caller the same token while it is good, so processes that race do each other no harm. ``force_refresh`` is never sent:
it kills the token that the others use, 20 times a day at most.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.base import Clock, Memory

EARLY = 300  # seconds before the end when WeChat renews it itself
LONGEST = 24 * 3600  # seconds that we believe
SHORTEST = 30  # seconds; a token at its very end is renewed this often
JITTER = 60  # seconds, so that processes do not all renew at once
GAP = timedelta(seconds=10)  # a refused token that is given out again: for so long asking once more is of no use


@dataclass(frozen=True, kw_only=True, slots=True)
class Granted:
    """WeChat's answer: a token, good for so many seconds."""

    token: str
    expires_in: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as all processes share it."""

    value: str
    fetched_at: datetime
    good_until: datetime

    def to_json(self) -> str:
        told = {
            "token": self.value,
            "fetched_at": self.fetched_at.isoformat(),
            "expires_at": self.good_until.isoformat(),
        }
        return json.dumps(told)

    @classmethod
    def from_json(cls, told: str) -> Token:
        found = json.loads(told)
        return cls(
            value=found["token"],
            fetched_at=datetime.fromisoformat(found["fetched_at"]),
            good_until=datetime.fromisoformat(found["expires_at"]),
        )


class Tokens:
    """Hands out the one good token; of many that ask at once, one fetches."""

    def __init__(
        self,
        *,
        app_id: str,
        fetch: Callable[[], Awaitable[Granted]],
        memory: Memory,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.key = f"token:{app_id}"
        self.fetch = fetch
        self.memory = memory
        self.clock = clock
        self.jitter = jitter
        self.flight: asyncio.Task[Token] | None = None
        self.current: Token | None = None
        self.vain: tuple[str, datetime] | None = None  # a refused token that WeChat gave out once more, and when

    async def get(self) -> str:
        """A token that should be good."""
        if self.current is not None and self._good(self.current):
            return self.current.value
        return (await self._join(refused="")).value

    async def replace(self, refused: str) -> str:
        """A token in place of one that WeChat refused; whoever comes late takes what an earlier one has fetched."""
        for _ in range(2):  # the flight that we join may have set out before anybody knew of the refusal
            if self.current is not None and (self.current.value != refused or self._in_vain(refused)):
                break
            await self._join(refused=refused)
        assert self.current is not None
        return self.current.value

    async def _join(self, *, refused: str) -> Token:
        """The one fetch under way: all who wait share its token, or its failure."""
        if self.flight is None:
            self.flight = asyncio.create_task(self._shared_or_new(refused=refused), name="wechat-token")
            self.flight.add_done_callback(self._landed)
        return await asyncio.shield(self.flight)

    def _landed(self, flight: asyncio.Task[Token]) -> None:
        self.flight = None
        if not flight.cancelled() and flight.exception() is None:
            self.current = flight.result()

    async def _shared_or_new(self, *, refused: str) -> Token:
        told = await self.memory.get(self.key)
        shared = _read(told)
        if shared is not None and self._good(shared) and shared.value != refused:
            return shared
        token = self._token(await self.fetch())
        if token.value == refused:
            self.vain = (refused, token.fetched_at)
        if not await self.memory.swap(self.key, told, token.to_json()):
            shared = _read(await self.memory.get(self.key))  # another process was faster: in normal mode, same token
            if shared is not None and self._good(shared) and shared.value != refused:
                return shared
        return token

    def _token(self, granted: Granted) -> Token:
        now = self.clock.now().astimezone(UTC)
        good_for = max(min(granted.expires_in, LONGEST) - EARLY - JITTER * self.jitter(), SHORTEST)
        return Token(value=granted.token, fetched_at=now, good_until=now + timedelta(seconds=good_for))

    def _good(self, token: Token) -> bool:
        return self.clock.now() < token.good_until

    def _in_vain(self, token: str) -> bool:
        return self.vain is not None and self.vain[0] == token and self.clock.now() - self.vain[1] < GAP


def _read(told: str | None) -> Token | None:
    try:
        return Token.from_json(told) if told else None
    except (ValueError, KeyError, TypeError):
        return None  # an older version's note: fetch anew
