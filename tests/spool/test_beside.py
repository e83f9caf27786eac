"""What the telephone notes beside its items, while the gateway's memory is away and when it is back."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from channels.phone.beside import Beside
from channels.phone.ends import Ends
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


async def test_words_that_another_process_has_had_whole_do_not_come_back() -> None:
    memory = Failing()
    here, elsewhere = Partials(Beside(memory)), Partials(Beside(memory))
    await here.heard("CA1", Partial(n=1, seq=1, text="我要投诉"))
    await here.spend("CA1", 1)
    memory.away = True
    await here.heard("CA1", Partial(n=2, seq=1, text="他们一直"))
    memory.away = False
    await elsewhere.spend("CA1", 2)
    await elsewhere.forget("CA1")
    over = memory.values["partial:CA1"]
    assert await here.left("CA1") is None
    assert await here.left("CA2") is None
    assert memory.values["partial:CA1"] == over
    assert "他们" not in "".join(memory.values.values())


async def test_words_after_a_step_that_was_written_down_before_are_known_to_other_processes() -> None:
    memory = Failing()
    here, elsewhere = Partials(Beside(memory)), Partials(Beside(memory))
    await here.spend("CA1", 1)
    memory.away = True
    await here.heard("CA1", Partial(n=2, seq=3, text="他们一直"))
    await here.heard("CA1", Partial(n=2, seq=4, text="他们一直拖着"))
    memory.away = False
    assert await here.left("CA2") is None
    left = await elsewhere.left("CA1")
    assert left is not None
    assert (left.n, left.text) == (2, "他们一直拖着")


async def test_the_end_of_a_call_that_only_we_heard_ends_it_for_all() -> None:
    memory = Failing()
    here, elsewhere = Partials(Beside(memory)), Partials(Beside(memory))
    await here.heard("CA1", Partial(n=2, seq=1, text="他们一直"))
    memory.away = True
    await here.spend("CA1", 2)
    await here.forget("CA1")
    memory.away = False
    assert await here.left("CA2") is None
    assert await elsewhere.left("CA1") is None
    assert not await elsewhere.heard("CA1", Partial(n=3, seq=1, text="喂"))


async def test_a_number_that_was_forgotten_is_not_known_again_and_one_to_be_forgotten_is_forgotten() -> None:
    memory = Failing()
    here, elsewhere = Beside(memory), Beside(memory)
    await elsewhere.put("call:old", json.dumps({"from": "+85261234567"}))
    memory.away = True
    await here.put("call:new", json.dumps({"from": "+85261234567"}))
    await here.put("call:old", "")
    memory.away = False
    await elsewhere.put("call:new", "")
    assert await here.get("call:new") == ""
    assert memory.values == {"call:new": "", "call:old": ""}


async def test_the_first_end_of_a_message_stands_and_is_told_once() -> None:
    memory, told = Failing(), list[str]()

    async def report(end: str) -> None:
        told.append(end)

    here, elsewhere = Ends(Beside(memory)), Ends(Beside(memory))
    await memory.swap("message:1", None, "delivered")
    await memory.swap("message:2", None, "failed")
    memory.away = True
    await here.close("message:1", "delivered", report)
    await here.close("message:2", "delivered", report)
    memory.away = False
    assert await here.of("message:1") == "delivered"
    assert await here.of("message:2") == "failed"
    told.clear()
    assert await elsewhere.close("message:1", "delivered", report) == "delivered"
    assert not told


class Slow(Failing):
    """Memory that takes a value when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.gate = asyncio.Event(), asyncio.Event()

    async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
        swapped = await super().swap(key, old, new, keep=keep)
        self.asked.set()
        await self.gate.wait()
        return swapped


async def test_what_is_noted_while_something_older_is_written_back_is_not_lost() -> None:
    memory = Slow()
    partials = Partials(Beside(memory))
    memory.away = True
    await partials.heard("CA1", Partial(n=1, seq=1, text="我要"))
    memory.away = False
    writing = asyncio.create_task(partials.left("CA1"))
    await memory.asked.wait()
    memory.away = True
    await partials.heard("CA1", Partial(n=1, seq=2, text="我要投诉"))
    memory.away = False
    memory.gate.set()
    await writing
    left = await partials.left("CA1")
    assert left is not None
    assert left.text == "我要投诉"
