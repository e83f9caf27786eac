"""What everybody who comes has around them: the providers, the way to the gateway, and their own dice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from channels.email.simulator import MailSimulator
from channels.letter.simulator.office import PostOffice
from channels.phone.simulator import PhoneSimulator
from channels.wechat.simulator import WeChatSimulator

DIGITS = {"phone": 1, "email": 2, "letter": 3, "web": 4, "counter": 5, "wechat": 6}
STORY = "我叫赵小明，{more}车险理赔拖了两个月了还没赔，保单号{policy}，请尽快赔付。"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clerk:
    """Somebody of ours who is signed in at a counter."""

    cookie: str
    csrf: str


@dataclass(kw_only=True)
class Around:
    """The same for all, for as long as the test lasts."""

    wechat: WeChatSimulator
    mail: MailSimulator
    carrier: PhoneSimulator
    post: PostOffice
    http: aiohttp.ClientSession
    url: str
    token: str
    clerk: Clerk
    dice: random.Random
    tries: dict[str, int] = field(default_factory=dict)  # beyond the first, by channel

    async def until_done(self, channel: str, attempt: Callable[[], Awaitable[bool]]) -> None:
        """They come again and again, while nobody of ours is there."""
        while not await attempt():
            self.tries[channel] = self.tries.get(channel, 0) + 1
            await asyncio.sleep(self.dice.uniform(0.1, 0.8))


class People(Protocol):
    """Those of one way."""

    @property
    def channel(self) -> str: ...

    async def come(self, n: int) -> None:
        """Somebody new, until what they brought was acknowledged."""
        ...

    def heard(self, n: int) -> bool:
        """Have they got our answer?"""
        ...

    def acknowledged(self) -> set[str]:
        """Keys of the items that were acknowledged, where the provider knows them."""
        ...


def policy_of(channel: str, n: int) -> str:
    """Everybody's own: a complaint is found again by it."""
    return f"PDAA202641010000{DIGITS[channel]}{n:05d}"


def story_of(channel: str, n: int, more: str = "") -> str:
    return STORY.format(policy=policy_of(channel, n), more=more)
