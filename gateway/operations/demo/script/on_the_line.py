"""One telephone in the script's hand: what its owner does, and what comes to their ear and to its screen."""

from __future__ import annotations

from gateway.intake.phrases import phrases
from gateway.medium import Medium
from gateway.operations.demo.cast import Player
from gateway.operations.demo.script.watch import Untrue, Watch, check
from gateway.operations.demo.talks import By, Text, Turn

SURE = 0.92


class Telephone:
    """Each gesture gives what the hotline said next."""

    def __init__(self, watch: Watch, owner: Player) -> None:
        self._watch, self._callers = watch, watch.stage.callers
        self.owner = owner
        self.words = phrases("zh-Hans", Medium.EAR)

    async def dial(self) -> str:
        seen = self._seen()
        await self._callers.dial(self.owner)
        return self._said_after(seen)

    async def say(self, text: str) -> str:
        seen = self._seen()
        await self._callers.say(self.owner, text, SURE)
        return self._said_after(seen)

    async def press(self, keys: str) -> str:
        seen = self._seen()
        await self._callers.press(self.owner, keys)
        return self._said_after(seen)

    async def record(self, text: str) -> None:
        """Speak after the tone, end with the key, and let the hotline say goodbye."""
        await self._callers.say(self.owner, text, SURE)
        await self._callers.press(self.owner, "#")
        await self._watch.stage.phone.settle()

    async def pick_up(self) -> str:
        """Take the call that the hotline places to this telephone; what it says first."""
        seen = self._seen()
        await self._watch.until(self._ringing, f"the telephone of {self.owner.name} rings")
        await self._callers.pick_up(self.owner, "human")
        return self._said_after(seen)

    async def _ringing(self) -> object | None:
        return self._callers.ringing(self.owner)

    async def nobody_answers(self) -> str:
        """The person of ours that the hotline rings does not pick up."""
        seen = self._seen()
        await self._callers.agent(self.owner, "no-answer")
        return self._said_after(seen)

    async def hang_up(self, partial: str = "") -> None:
        await self._callers.hang_up(self.owner, partial)
        await self._watch.stage.phone.settle()

    @property
    def waits_for(self) -> str:
        """What the line waits for: gather, record, dial; empty when it is over."""
        call = self._callers.in_call(self.owner)
        return call.waits_for.verb if call is not None and call.waits_for is not None else ""

    def asked_in(self, text: str, *names: str) -> str:
        """The one of these questions that the words ask; raises Untrue when it is none or several."""
        asked = [name for name in names if self._asks(name, text)]
        check(len(asked) == 1, f"one question at a time on the line, not {asked} in “{text}”")
        return asked[0]

    def _asks(self, name: str, text: str) -> bool:
        forms = (name, *(f"{name}_{form}" for form in ("again", "unheard")))
        return any(self.words.has("ask", form) and self.words.get("ask", form) in text for form in forms)

    async def next_text(self, seen: int, what: str) -> Text:
        """The short message after the first ``seen`` ones."""

        async def look() -> Text | None:
            self._callers.collect()
            return next(iter(self._callers.texts(self.owner)[seen:]), None)

        return await self._watch.until(look, f"{self.owner.name} gets {what} by text message")

    def texts_seen(self) -> int:
        self._callers.collect()
        return len(self._callers.texts(self.owner))

    def _seen(self) -> int:
        return len(self._callers.turns(self.owner))

    def _said_after(self, seen: int) -> str:
        turns: list[Turn] = self._callers.turns(self.owner)[seen:]
        said = "\n".join(turn.text for turn in turns if turn.by is By.HOTLINE)
        if not said:
            raise Untrue("the hotline says nothing")
        return said
