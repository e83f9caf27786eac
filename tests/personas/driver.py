"""Plays a persona against a running gateway, as tests/cases/answering.md says.

``python -m tests.personas.driver ID…`` prints what was said and how it was judged; without an ID, one line for each.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.personas.judge import Verdict, judge
from tests.personas.player import Message, Player, Script, player, script_of, scripts
from tests.personas.post import Delivery, Post
from tests.personas.setting import make_cases, staff_step
from tests.personas.stage import Stage, open_stage
from tests.personas.transcript import Exchange, Part, Run

QUIET = 30.0  # seconds of silence after which the person gives up


class Play:
    """One persona on one stage."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.stage = stage
        self.run = run
        self.player: Player = run.player
        self.post = Post(stage=stage, openid=run.openid)
        self.most_texts = 2 * int(run.script["expect"]["max_turns"]) + 4

    async def go(self) -> None:
        text = await self._say(Part.OPENING, self.player.opening(), frozenset())
        await self._talk(Part.MAIN, text)
        self.run.main_turns, self.run.main_goal = self.player.turns, self.player.goal
        while (step := self.player.later()) is not None:
            await self._talk(Part.AFTER, await self._step(step))

    async def _step(self, step: dict[str, Any]) -> str:
        """One step after the main dialogue: the person writes, or staff act."""
        if "staff" in step:
            await staff_step(self.stage, self.player.refs.get("CASE", ""), step["staff"])
            return await self._listen(Part.AFTER)
        return await self._say(Part.AFTER, step["send"], frozenset())

    async def _talk(self, part: Part, text: str) -> None:
        """Until the person has nothing more to say, or the bot falls silent."""
        for _ in range(self.most_texts):
            if not text and not (text := await self._listen(part)):
                return
            before = set(self.player.fired)
            answer = self.player.answer(text)
            if answer is None:
                return
            fired = frozenset(self.player.fired - before)
            text = await self._say(part, answer, fired) if answer else ""

    async def _say(self, part: Part, messages: Sequence[Message], fired: frozenset[int]) -> str:
        """Send these one after another; all that the person sees before the bot is quiet."""
        person = self.stage.simulator.person(self.run.openid)
        seen = len(person.chat)
        deliveries: list[Delivery] = []
        heard: list[str] = []
        told: set[str] = set()
        first_at = None
        for message in messages:
            delivery = await self.post.send(message)
            first_at = first_at or self.stage.clock.now()
            deliveries.append(delivery)
            if delivery.pushed.reply and delivery.id not in told:  # of a retried delivery one reply counts
                heard.append(delivery.pushed.reply)
            told |= {delivery.id} - {""}
            await self.stage.work()
            heard += [line.text for line in person.chat[seen:] if line.by not in ("person", "passive")]
            seen = len(person.chat)
        now = self.stage.clock.now()
        return self._note(part, first_at or now, deliveries, heard, fired)

    async def _listen(self, part: Part) -> str:
        """Wait a while for more."""
        person = self.stage.simulator.person(self.run.openid)
        seen = len(person.chat)
        await self.stage.work()
        await self.stage.wait(QUIET)
        await self.stage.work()
        heard = [line.text for line in person.chat[seen:] if line.by != "person"]
        return self._note(part, self.stage.clock.now(), (), heard, frozenset()) if heard else ""

    def _note(
        self, part: Part, at: datetime, deliveries: Sequence[Delivery], heard: Sequence[str], fired: frozenset[int]
    ) -> str:
        now = self.stage.clock.now()
        self.run.exchanges.append(
            Exchange(part=part, first_at=at, began_at=now, deliveries=deliveries, heard=heard, fired=fired)
        )
        return self.run.exchanges[-1].text


async def play(stage: Stage, script: Script) -> Run:
    """One run from the cases that exist before to the last step after."""
    openid = "o" + secrets.token_urlsafe(20)[:27]
    refs, others = await make_cases(stage, script, openid)
    run = Run(script=script, player=player(script, refs), openid=openid, others=others, set_before=list(refs.values()))
    await Play(stage, run).go()
    return run


async def perform(id: str, folder: Path) -> tuple[Run, Verdict]:
    """A whole evening: stage, play, verdict."""
    async with open_stage(folder) as stage:
        run = await play(stage, script_of(id))
        return run, await judge(stage, run)


def main(ids: Sequence[str]) -> int:
    """Non-zero when somebody was not served."""
    failed = 0
    for id in ids or [str(script["id"]) for script in scripts()]:
        with tempfile.TemporaryDirectory() as folder:
            run, verdict = asyncio.run(perform(id, Path(folder)))
        failed += not verdict.passed
        if ids:
            sys.stdout.write("\n".join(run.lines()) + "\n")
        sys.stdout.write(f"{id}  {verdict}\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
