"""What the script sees and does: the same as the customers and the staff, and nothing that they could not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from channels.wechat.simulator import Line
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.intake.phrases import phrases
from gateway.operations.demo import passing
from gateway.operations.demo.cast import Player
from gateway.operations.demo.customers import PASS
from gateway.operations.demo.phone_acts import PhoneActs
from gateway.operations.demo.post import Letter
from gateway.operations.demo.shelf import Upload
from gateway.operations.demo.stage import Stage
from normalizer.number import parse_number
from store.values import Case, Moment, Task

PATIENCE = 8.0  # seconds until what is promised must have happened
LOOK_AGAIN = 0.02
STAFF = "script-staff"

Seen = TypeVar("Seen")


class Untrue(AssertionError):
    """Something that should be so is not; the message says what."""


class Skipped(Exception):
    """A story cannot be told on this machine; the message says what it lacks."""


def check(is_so: object, what: str) -> None:
    if not is_so:
        raise Untrue(what)


class Watch:
    """Eyes and hands on the stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.words = phrases("zh-Hans")

    # -- customers in WeChat -----------------------------------------------------------------------------------------

    async def say(self, player: Player, text: str, msg_id: str | None = None) -> str:
        """Write to the account; what it answered, on the open line or a moment later."""
        seen = len(self._from_account(player))
        await self.stage.customers.say(player.address, text, msg_id)
        return (await self.next_line(player, seen, f"an answer to “{text}”")).text

    async def next_line(self, player: Player, seen: int, what: str) -> Line:
        """The account's line after the first ``seen`` ones."""

        async def look() -> Line | None:
            return next(iter(self._from_account(player)[seen:]), None)

        return await self.until(look, f"{player.name} gets {what}")

    def lines_seen(self, player: Player) -> int:
        return len(self._from_account(player))

    def _from_account(self, player: Player) -> list[Line]:
        return [line for line in self.stage.wechat.chat_of(player.address) if line.by != "person"]

    # -- customers by mail -------------------------------------------------------------------------------------------

    async def write(
        self,
        player: Player,
        subject: str,
        text: str,
        *,
        answers: Letter | None = None,
        files: Sequence[Upload] = (),
        verdict: str = PASS,
    ) -> Letter:
        """Send a mail; the answer to it."""
        seen = self.letters_seen(player)
        self.stage.customers.post(player, subject=subject, text=text, answers=answers, files=files, verdict=verdict)
        return await self.next_letter(player, seen, f"an answer to “{subject}”")

    async def next_letter(self, player: Player, seen: int, what: str) -> Letter:
        async def look() -> Letter | None:
            return next(iter(self._received(player)[seen:]), None)

        return await self.until(look, f"{player.name} gets {what} by mail")

    def letters_seen(self, player: Player) -> int:
        return len(self._received(player))

    def _received(self, player: Player) -> list[Letter]:
        return [letter for letter in self.stage.customers.mailbox(player.address) if not letter.sent]

    # -- staff -------------------------------------------------------------------------------------------------------

    async def move(self, number: str, wanted: Status, note: str = "") -> Case:
        return await move(self.stage.gateway.house, number, wanted, note=note, tell=True, actor=STAFF)

    async def case(self, number: str) -> Case:
        async with self.stage.gateway.house.store.reading() as unit:
            found = await unit.complaints.by_number(number)
        if found is None:
            raise Untrue(f"no complaint has the number {number}")
        return found

    async def timeline(self, number: str) -> list[Moment]:
        case = await self.case(number)
        async with self.stage.gateway.house.store.reading() as unit:
            return await unit.timeline.of(case.id)

    async def tasks(self, kind: str) -> Sequence[Task]:
        async with self.stage.gateway.house.store.reading() as unit:
            return await unit.tasks.open_of(kind=kind)

    async def items_kept(self) -> int:
        """How many items the ledger holds, of all channels."""
        async with self.stage.gateway.house.store.reading() as unit:
            return sum(count for _, _, count in await unit.ledger.counts())

    async def type_words(self, recording: str, text: str) -> None:
        """Staff have heard a recording."""
        await PhoneActs(self.stage).words({"file": recording, "text": text})

    async def skip(self, **by: float) -> None:
        await passing.skip(self.stage, timedelta(**by))

    # -- reading -----------------------------------------------------------------------------------------------------

    def number_in(self, text: str) -> str:
        number = parse_number(text)
        if number is None:
            raise Untrue(f"no complaint number in “{text}”")
        return number

    def asked_in(self, text: str, *names: str) -> set[str]:
        """Which of these things the words ask for."""
        return {name for name in names for table in ("ask", "item") if self._occurs(table, name, text)}

    def _occurs(self, table: str, name: str, text: str) -> bool:
        variants = (name, *(f"{name}_{form}" for form in ("again", "agent", "organisation")))
        return any(self.words.has(table, each) and self.words.get(table, each) in text for each in variants)

    async def until(self, look: Callable[[], Awaitable[Seen | None]], what: str, patience: float | None = None) -> Seen:
        """What ``look`` sees once it sees something; raises Untrue when it does not in good time."""
        loop, seconds = asyncio.get_running_loop(), patience or PATIENCE
        end = loop.time() + seconds
        while (seen := await look()) is None:
            if loop.time() > end:
                raise Untrue(f"not within {seconds:.0f} seconds: {what}")
            await asyncio.sleep(LOOK_AGAIN)
        return seen
