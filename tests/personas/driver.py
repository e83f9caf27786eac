"""Plays a persona against a running gateway, as tests/cases/answering.md says.

``python -m tests.personas.driver ID…`` prints what was said and how it was judged; without an ID, one line for each.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.personas.judge import Verdict, judge
from tests.personas.player import Message, Player, Script, player, script_of, scripts
from tests.personas.post import Heard, Post
from tests.personas.setting import make_cases, post_of, staff_step
from tests.personas.stage import Stage, open_stage
from tests.personas.transcript import Exchange, Part, Run


class Play:
    """One persona on one stage."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.stage = stage
        self.run = run
        self.player: Player = run.player
        self.post: Post = run.post
        self.most_texts = 2 * int(run.script["expect"]["max_turns"]) + 4

    async def go(self) -> None:
        await self._talk(Part.MAIN, await self._say(Part.OPENING, self.player.opening()))
        self.run.main_turns, self.run.main_goal = self.player.turns, self.player.goal
        while (step := self.player.later()) is not None:
            await self._talk(Part.AFTER, await self._step(step))
        await self.post.leave()

    async def _step(self, step: dict[str, Any]) -> Exchange | None:
        """One step after the main dialogue: the person goes on, or staff act."""
        if "staff" not in step:
            return await self._say(Part.AFTER, step["send"])
        await self.post.leave()
        await staff_step(self.stage, self.player.refs.get("CASE", ""), step["staff"])
        return await self._listen(Part.AFTER)

    async def _talk(self, part: Part, last: Exchange | None) -> None:
        """Until the person has nothing more to say, or the bot falls silent."""
        for _ in range(self.most_texts):
            heard = last if last and last.text else await self._listen(part)
            if heard is None:
                return
            before = set(self.player.fired)
            answer = self.player.answer(heard.text, heard.ctx)
            if answer is None:
                return
            fired = frozenset(self.player.fired - before)
            last = await self._say(part, answer, fired) if answer else None

    async def _say(self, part: Part, messages: Sequence[Message], fired: frozenset[int] = frozenset()) -> Exchange:
        """Send these one after another; all that the person then sees or hears."""
        return self._note(part, await self.post.say(messages), fired)

    async def _listen(self, part: Part) -> Exchange | None:
        """Wait a while for more."""
        heard = await self.post.listen()
        return self._note(part, heard, frozenset()) if heard.texts else None

    def _note(self, part: Part, heard: Heard, fired: frozenset[int]) -> Exchange:
        exchange = Exchange(part=part, heard=heard, began_at=self.stage.clock.now(), fired=fired)
        self.run.exchanges.append(exchange)
        return exchange


async def play(stage: Stage, script: Script) -> Run:
    """One run from the cases that exist before to the last step after."""
    post = post_of(stage, script)
    refs, others = await make_cases(stage, script, post)
    run = Run(script=script, player=player(script, refs), post=post, others=others, set_before=list(refs.values()))
    await Play(stage, run).go()
    return run


async def perform(id: str, folder: Path) -> tuple[Run, Verdict]:
    """A whole evening: stage, play, verdict."""
    script = script_of(id)
    async with open_stage(folder, agents=script.get("setup", {}).get("telephony", {}).get("agents", ())) as stage:
        run = await play(stage, script)
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
