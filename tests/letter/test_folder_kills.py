"""The gateway dies between any two steps and is started again: no letter is lost, none counts twice.

Every third step by default; with ``TOUSU_CHAOS_KILLS`` set it dies at each of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.base import Answer, CallReport, DeliveryReport, Inbox, Item, Kept
from channels.letter.channel import LetterChannel
from channels.letter.limits import Limits
from channels.letter.sending import LetterSender
from channels.letter.settings import LetterSettings
from channels.letter.slips import Slips
from gateway.app import Gateway, open_gateway
from gateway.operations.replay import Replayer
from gateway.settings import Settings
from normalizer.record import Submission
from tests.clock import SetClock
from tests.letter.mailroom import Drawer, EnoughTurns, HandPress, PaperClerk, Turns, scan

NEVER = 1_000_000
STRIDE = 1 if os.environ.get("TOUSU_CHAOS_KILLS") else 3
LETTERS = 6  # items that the scans of one day come to: one, one of two files, a batch with its two letters, one broken


class Killed(BaseException):
    """SIGKILL: from now on nothing of this life does anything any more."""


@dataclass
class Fate:
    """Counts the steps of a life, and ends it at one of them."""

    last: int = NEVER
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > self.last:
            raise Killed


@dataclass
class MortalInbox:
    """The gateway's inbox, of one life: it dies before what it is asked for, or after it is done."""

    inbox: Inbox
    fate: Fate

    async def keep(self, item: Item) -> Kept:
        self.fate.step()
        kept = await self.inbox.keep(item)
        self.fate.step()
        return kept

    async def submit(self, submission: Submission, *, speak_by: float | None = None) -> Answer:
        self.fate.step()
        answer = await self.inbox.submit(submission, speak_by=speak_by)
        self.fate.step()
        return answer

    async def report(self, report: DeliveryReport) -> None:
        raise AssertionError("letters report nothing")

    async def note_call(self, report: CallReport) -> None:
        raise AssertionError("nobody calls by letter")


@dataclass
class Town:
    """One gateway's store, and a folder for each day."""

    gateway: Gateway
    clock: SetClock
    path: Path
    clerk: PaperClerk

    def life(self, folder: Path) -> LetterChannel:
        slips = Slips(Drawer())
        return LetterChannel(
            LetterSettings(folder=folder),
            reader=self.clerk,
            slips=slips,
            sender=LetterSender(HandPress(), None, slips),
            clock=self.clock,
            limits=Limits(closing_time=0.0),
            hints=lambda _: Turns(self.clock, most=4),
        )

    async def live(self, folder: Path, fate: Fate) -> None:
        """Start, take what is in the folder, take up what was kept, and stop; or die."""
        channel, inbox = self.life(folder), MortalInbox(self.gateway.inbox, fate)
        channel.routes(inbox)
        try:
            with suppress(EnoughTurns):
                await channel.listen(inbox)
            await channel.settled()
            self.clock.advance(minutes=15)
            await Replayer(self.gateway.house, inbox, {"letter": channel}).resume()
            await channel.settled()
        except Killed:
            fate.last = 0
        finally:
            await channel.aclose()

    async def states(self) -> dict[str, int]:
        async with self.gateway.house.store.reading() as unit:
            return {state: count for name, state, count in await unit.ledger.counts() if name == "letter"}


@pytest.fixture
async def town(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Town]:
    shutil.copy(sqlite_template, tmp_path / "tousu.db")
    url = f"sqlite+aiosqlite:///{tmp_path / 'tousu.db'}"
    clock = SetClock()
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": url, "api_token": "token"})
    async with open_gateway(settings, clock) as gateway:
        yield Town(gateway, clock, tmp_path, PaperClerk())


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fate], None]:
    """Whatever changes the disk is a step of this life."""
    doors: list[tuple[Any, str]] = [(os, "rename"), (Path, "mkdir"), (Path, "touch"), (Path, "unlink"), (Path, "rmdir")]
    real = {name: getattr(place, name) for place, name in doors}

    def bind(fate: Fate) -> None:
        for place, name in doors:
            monkeypatch.setattr(place, name, _stepping(real[name], fate))

    return bind


def _stepping(real: Callable[..., Any], fate: Fate) -> Callable[..., Any]:
    def step(*args: Any, **kwargs: Any) -> Any:
        if not any("/in" in str(each) for each in args[:1]):
            return real(*args, **kwargs)
        fate.step()
        return real(*args, **kwargs)

    return step


def lay_down(folder: Path, day: int) -> dict[str, bytes]:
    """The post of one day; every one says something of its own."""
    post = {
        "1.pdf": scan(f"letter 第{day}天第一封，我叫陈建国，车险理赔拖了两个月还没赔"),
        "2a.pdf": scan(f"letter 第{day}天第二封，我叫李秀英，要求退保"),
        "2b.pdf": scan(f"id_card 李秀英{day}"),
        "2.json": b'{"files": ["2a.pdf", "2b.pdf"], "received_on": "2026-11-20"}',
        "3.pdf": scan(f"letter 第{day}天第三封，我叫王芳，保费重复扣款", f"letter 第{day}天第四封，我叫赵明，理赔太慢"),
        "4.pdf": f"nobody can read this: {day}".encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in post.items():
        (folder / name).write_bytes(content)
    return post


def put_away(folder: Path) -> list[bytes]:
    """What lies in the folders at the end of the day, without notes, and without names that a dead gateway reserved."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".why.txt")]
    assert all(path.relative_to(folder).parts[0] in ("processed", "quarantine") for path in paths), paths
    return sorted(content for path in paths if (content := path.read_bytes()))


async def test_a_gateway_that_is_killed_at_any_step_loses_no_letter_and_counts_none_twice(
    town: Town, mortal: Callable[[Fate], None]
) -> None:
    whole = Fate()
    mortal(whole)
    lay_down(town.path / "in-whole", 0)
    await town.live(town.path / "in-whole", whole)
    assert await town.states() == {"handled": LETTERS - 1, "quarantined": 1}

    for day, step in enumerate(range(0, whole.steps, STRIDE), 1):
        folder = town.path / f"in{day}"
        post = lay_down(folder, day)
        fate = Fate(last=step)
        mortal(fate)
        await town.live(folder, fate)
        mortal(Fate())
        await town.live(folder, Fate())
        assert put_away(folder) == sorted(post.values()), f"killed after step {step}"
        assert [path.name for path in (folder / "quarantine").glob("4*.why.txt")], f"killed after step {step}"
        assert await town.states() == {"handled": (LETTERS - 1) * (day + 1), "quarantined": day + 1}, f"step {step}"
    assert whole.steps > 40
