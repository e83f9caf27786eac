"""What the telephone notes beside its items, while the gateway's memory is away and when it is back."""

from __future__ import annotations

from datetime import timedelta

from channels.phone.beside import Beside
from channels.phone.partials import Partial, Partials
from tests.wechat.fakes import DictMemory


class Failing(DictMemory):
    """Memory that can go away."""

    away = False

    async def get(self, key: str) -> str | None:
        self._check()
        return await super().get(key)

    async def put(self, key: str, value: str, *, keep: timedelta | None = None) -> None:
        self._check()
        await super().put(key, value, keep=keep)

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        self._check()
        return await super().swap(key, old, new, keep=keep)

    def _check(self) -> None:
        if self.away:
            raise ConnectionRefusedError


async def test_what_is_noted_while_the_memory_is_away_is_known_here_and_written_back() -> None:
    memory = Failing()
    beside = Beside(memory)
    await beside.put("before", "1")
    memory.away = True
    await beside.put("call:one", "who called")
    assert await beside.get("call:one") == "who called"
    assert await beside.get("before") is None
    memory.away = False
    assert await beside.get("before") == "1"
    assert await memory.get("call:one") == "who called"


async def test_a_swap_holds_against_what_is_held_here() -> None:
    memory = Failing()
    beside = Beside(memory)
    memory.away = True
    assert await beside.swap("key", None, "first")
    assert not await beside.swap("key", None, "second")
    assert await beside.swap("key", "first", "second")
    memory.away = False
    assert await beside.get("key") == "second"
    assert not await beside.swap("key", "first", "third")


async def test_words_so_far_are_kept_through_it() -> None:
    memory = Failing()
    partials = Partials(Beside(memory))
    await partials.heard("CA1", Partial(n=1, seq=1, text="我要"))
    memory.away = True
    await partials.heard("CA1", Partial(n=2, seq=1, text="他们一直"))
    left = await partials.left("CA1")
    assert left is not None
    assert left.text == "他们一直"
