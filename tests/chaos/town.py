"""The gateways, and all who are around them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from gateway.app import open_gateway
from gateway.settings import Settings
from gateway.staff.actor import Role
from gateway.staff.signin.people import Facts
from gateway.staff.signin.sessions import Visitor
from gateway.staff.signin.web import csrf_of
from store.crypto import new_secret
from store.people import Secrets
from tests.chaos.balancer import Balancer
from tests.chaos.dress import HURRY
from tests.chaos.nursery import Life, Nursery
from tests.chaos.people.around import Around, Clerk, People
from tests.chaos.people.calling import Calling
from tests.chaos.people.chatting import Chatting
from tests.chaos.people.coming import Surfing, Visiting
from tests.chaos.people.staff import Staff
from tests.chaos.people.writing import Mailing, Posting
from tests.chaos.providers import Providers, providers

TOKEN = "chaos-service-token"


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """Everybody reaches the gateways, ``lives``, by one address."""

    settings: dict[str, str]
    lives: Sequence[Life]
    around: Around
    people: Sequence[People]
    staff: Staff

    def of(self, channel: str) -> People:
        return next(each for each in self.people if each.channel == channel)

    async def start(self) -> None:
        """All that are dead."""
        await asyncio.gather(*(life.start() for life in self.lives if not life.lives))

    async def stop(self) -> list[int]:
        """In order; their exit codes."""
        return [await life.stop() for life in self.lives]

    def for_reading(self) -> Settings:
        """To look at what they did, from this process."""
        return read(self.settings)


def read(settings: dict[str, str]) -> Settings:
    return Settings.model_validate({name.removeprefix("TOUSU_").lower(): value for name, value in settings.items()})


@asynccontextmanager
async def town(
    nursery: Nursery, folder: Path, dice: random.Random, *, gateways: int = 1, database_url: str = ""
) -> AsyncIterator[Town]:
    """Nobody has come yet, and no gateway is started. An empty URL: SQLite in the folder."""
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(providers(folder))
        balancer = Balancer()
        await balancer.start()
        stack.push_async_callback(balancer.aclose)
        far.reach(balancer.url)
        settings = far.settings() | _house(folder, database_url, balancer.url)
        for n in range(gateways):
            life = Life(nursery, settings, folder / f"gateway-{n}.log")
            stack.push_async_callback(life.kill)
            balancer.lives.append(life)
        http = await stack.enter_async_context(_browser())
        around = _around(far, http, balancer.url, await _sign_in(settings), dice)
        yield Town(settings=settings, lives=balancer.lives, around=around, people=_people(around), staff=Staff(around))


def _house(folder: Path, database_url: str, url: str) -> dict[str, str]:
    return {
        "TOUSU_DATA_DIR": str(folder / "data"),
        "TOUSU_DATABASE_URL": database_url,
        "TOUSU_PUBLIC_URL": url,
        "TOUSU_SECRET_KEY": new_secret(),
        "TOUSU_API_TOKEN": TOKEN,
        "TOUSU_LOG_LEVEL": "warning",
        HURRY: "yes",
    }


def _browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=20), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    )


def _around(far: Providers, http: aiohttp.ClientSession, url: str, clerk: Clerk, dice: random.Random) -> Around:
    return Around(
        wechat=far.wechat,
        mail=far.mail,
        carrier=far.carrier,
        post=far.post,
        http=http,
        url=url,
        token=TOKEN,
        clerk=clerk,
        dice=dice,
    )


def _people(around: Around) -> Sequence[People]:
    return [each(around) for each in (Chatting, Calling, Mailing, Posting, Surfing, Visiting)]


async def _sign_in(settings: dict[str, str]) -> Clerk:
    """A clerk begins their day before the trouble does."""
    async with open_gateway(read(settings)) as gateway:
        store, desk = gateway.house.store, gateway.reception
        facts = Facts(name="李柜员", roles=frozenset({Role.CLERK}))
        person = await desk.personnel.create_with("clerk", facts, Secrets(), by="chaos")
        async with store.unit() as unit:
            cookie = await desk.sessions.open(unit, person, Visitor(address="127.0.0.1", agent="chaos"))
            await unit.commit()
        return Clerk(cookie=cookie, csrf=csrf_of(store.keyring, cookie))
