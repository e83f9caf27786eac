"""Plays stories against the whole gateway and tells, step by step, whether what was promised came true."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from gateway.operations.demo.script.watch import Skipped, Untrue, Watch, check
from gateway.operations.demo.stage import open_door, open_stage

STORY_SECONDS = 60.0

Steps = AsyncIterator[str]
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A title, and a generator that yields the name of each step once it has been seen to be true."""

    title: str
    tell: Callable[[Watch], Steps]
    seconds: float = STORY_SECONDS


class Told(Enum):
    """What became of a story."""

    TRUE = auto()
    UNTRUE = auto()
    SKIPPED = auto()


async def _nothing_set_aside(watch: Watch) -> Steps:
    async with watch.stage.gateway.house.store.reading() as unit:
        aside = [f"{entry.channel}: {entry.cause}" for entry in await unit.ledger.quarantined()]
        left = list(await unit.ledger.waiting(before=watch.stage.clock.now(), limit=10))
    check(not aside, f"in quarantine: {aside}")
    yield "没有隔离件 · nothing is in quarantine"
    check(not left, f"{len(left)} items are kept and not handled")
    yield "收到的都已处理 · everything that was kept is handled"


IN_THE_END = Story(title="收尾：账本 · the ledger in the end", tell=_nothing_set_aside)


async def play(folder: Path, stories: Sequence[Story], *, say: Say) -> bool:
    """Every story on one gateway, one after the other; True when all steps of all that can be told came true."""
    say("Tousu Gateway · 演示脚本 demo script")
    async with open_stage(folder, open_door(0)) as stage:
        watch = Watch(stage)
        told = [await _tell(story, watch, say) for story in (*stories, IN_THE_END)]
    good, all_of_them = told.count(Told.TRUE), len(told) - told.count(Told.SKIPPED)
    say(f"\n{'✓' if good == all_of_them else '✗'} {good}/{all_of_them} 个故事成立 · stories came true")
    return good == all_of_them


async def _tell(story: Story, watch: Watch, say: Say) -> Told:
    say(f"\n■ {story.title}")
    try:
        async with asyncio.timeout(story.seconds):
            async for step in story.tell(watch):
                say(f"  ✓ {step}")
    except Skipped as lack:
        say(f"  – 跳过 · SKIPPED: {lack}")
        return Told.SKIPPED
    except Exception as error:  # whatever went wrong, the other stories are told too
        say(f"  ✗ {_what(error)}")
        return Told.UNTRUE
    return Told.TRUE


def _what(error: Exception) -> str:
    if isinstance(error, Untrue):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
