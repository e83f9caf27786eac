"""Who writes to the official account: WeChat delivers each message again until somebody answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.wechat.simulator.pusher import Pushed
from tests.chaos.people.around import Around, story_of

PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 40


class Chatting:
    channel = "wechat"

    def __init__(self, around: Around) -> None:
        self._around = around
        self._acknowledged: set[str] = set()

    async def come(self, n: int) -> None:
        """Their story, and from every third a photograph."""
        wechat, openid = self._around.wechat, _openid(n)
        await self._deliver(lambda id: wechat.push_text(openid, story_of(self.channel, n), msg_id=id), 7_000_000 + n)
        if n % 3 == 0:
            media = wechat.upload_media(PHOTO + str(n).encode())
            await self._deliver(lambda id: wechat.push_image(openid, media, msg_id=id), 8_000_000 + n)

    def heard(self, n: int) -> bool:
        return any("TS" in line.text for line in self._around.wechat.chat_of(_openid(n)) if line.by != "person")

    def acknowledged(self) -> set[str]:
        return {f"msg:{id}" for id in self._acknowledged}

    async def _deliver(self, push: Callable[[str], Awaitable[Pushed]], number: int) -> None:
        id = str(number)

        async def once() -> bool:
            pushed = await push(id)
            return pushed.statuses[-1] == 200

        await self._around.until_done(self.channel, once)
        self._acknowledged.add(id)


def _openid(n: int) -> str:
    return f"openid-{n:05d}"
