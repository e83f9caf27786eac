"""More than can be handled: WeChat pushes that wait for nobody, and callers beside them, from a process of its own."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field

import aiohttp
import uvloop
from yarl import URL

from tests.bench.account import conversation
from tests.bench.hotline import call_of
from tests.bench.push import Push

WECHAT_WAITS, WECHAT_TRIES = 5.0, 4
TWILIO_WAITS = 15.0
SPEAKING = 2.0  # seconds that a caller takes for an answer


@dataclass(kw_only=True)
class Seen:
    """``late``: first deliveries without an answer in WeChat's five seconds; ``lost``: never taken, however often."""

    waits: list[float] = field(default_factory=list)
    sent: int = 0
    late: int = 0
    lost: int = 0

    def told(self) -> dict[str, float]:
        cuts = statistics.quantiles(self.waits, n=100) if len(self.waits) > 1 else [0.0] * 99
        found = {"sent": self.sent, "late": self.late, "lost": self.lost}
        return found | {"p50": cuts[49], "p99": cuts[98], "most": max(self.waits, default=0.0)}


class Flood:
    """Everybody at once."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session = session
        self._port = port
        self.wechat, self.phone = Seen(), Seen()

    async def writes(self, talk: list[Push], at: float, seconds: float) -> None:
        """One person, who does not wait for answers: their messages are spread over the time."""
        pushes = [self._push(push, at + place * seconds / len(talk)) for place, push in enumerate(talk)]
        await asyncio.gather(*pushes)

    async def _push(self, push: Push, at: float) -> None:
        """As WeChat does: again when nobody answered in five seconds, four times in all."""
        await _until(at)
        self.wechat.sent += 1
        for attempt in range(WECHAT_TRIES):
            if await self._taken(push, self.wechat, WECHAT_WAITS):
                return
            self.wechat.late += attempt == 0
        self.wechat.lost += 1

    async def calls(self, talk: list[Push], at: float) -> None:
        """One caller, who hears every answer out and then speaks; an answer that is missing ends the call."""
        await _until(at)
        for push in talk:
            self.phone.sent += 1
            if not await self._taken(push, self.phone, TWILIO_WAITS):
                self.phone.lost += 1
                return
            await asyncio.sleep(SPEAKING)

    async def _taken(self, push: Push, seen: Seen, patience: float) -> bool:
        begun = time.perf_counter()
        url = URL(f"http://127.0.0.1:{self._port}{push.path}", encoded=True)
        try:
            async with (
                asyncio.timeout(patience),
                self._session.post(url, data=push.body, headers=push.headers) as answer,
            ):
                await answer.read()
                return answer.status in (200, 204)
        except (TimeoutError, aiohttp.ClientError):
            return False
        finally:
            seen.waits.append(time.perf_counter() - begun)


async def main(port: int, people: int, callers: int, seconds: float) -> None:
    """Print what WeChat and the telephone saw, as JSON."""
    now = int(time.time())
    talks = [conversation(500_000 + person, now) for person in range(people)]
    calls = [call_of(500_000 + person, now) for person in range(callers)]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        flood, begun = Flood(session, port), time.perf_counter()
        apart = seconds / 3  # within which everybody begins; each goes on until the end
        writing = [flood.writes(talk, begun + place * apart / people, seconds) for place, talk in enumerate(talks)]
        calling = [flood.calls(talk, begun + place * apart / callers) for place, talk in enumerate(calls)]
        await asyncio.gather(*writing, *calling)
    print(json.dumps({"wechat": flood.wechat.told(), "phone": flood.phone.told()}))


async def _until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))


if __name__ == "__main__":
    _port, _people, _callers = map(int, sys.argv[1:4])
    uvloop.run(main(_port, _people, _callers, float(sys.argv[4])))
