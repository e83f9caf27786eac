"""What can be done on the sandbox page with a telephone, and with the recordings that calls leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.operations.demo.asking import Act, Handler, Refusal, as_handler, text_in
from gateway.operations.demo.callers import caller_at
from gateway.operations.demo.cast import Player
from gateway.operations.demo.staff_api import StaffApi
from gateway.operations.demo.stage import Stage

KEYS = re.compile(r"[0-9*#]{1,40}")
MOST_SPOKEN = 2_000
FILE = re.compile(r"[0-9a-zA-Z_-]{1,64}")
AGENT_DOES = {True: "completed", False: "no-answer"}


class PhoneActs:
    """Each takes JSON and answers JSON; raises Refusal."""

    def __init__(self, stage: Stage) -> None:
        self._callers = stage.callers
        self._api = StaffApi(stage)

    def table(self) -> dict[str, Handler]:
        acts: dict[str, Act] = {
            "phone/call": self.call,
            "phone/pick-up": self.pick_up,
            "phone/decline": self.decline,
            "phone/hang-up": self.hang_up,
            "phone/say": self.say,
            "phone/press": self.press,
            "phone/silence": self.silence,
            "phone/agent": self.agent,
            "staff/words": self.words,
        }
        return {path: as_handler(act) for path, act in acts.items()}

    async def call(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.dial(_caller(asked))
        return {}

    async def pick_up(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.pick_up(_caller(asked), "machine" if asked.get("by") == "machine" else "human")
        return {}

    async def decline(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.decline(_caller(asked))
        return {}

    async def hang_up(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.hang_up(_caller(asked), str(asked.get("partial") or "").strip()[:MOST_SPOKEN])
        return {}

    async def say(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.say(_caller(asked), text_in(asked, "text")[:MOST_SPOKEN], _confidence(asked))
        return {}

    async def press(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        keys = text_in(asked, "keys")
        if not KEYS.fullmatch(keys):
            raise Refusal("a telephone has the keys 0 to 9, * and #")
        await self._callers.press(_caller(asked), keys)
        return {}

    async def silence(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.be_silent(_caller(asked))
        return {}

    async def agent(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._callers.agent(_caller(asked), AGENT_DOES[asked.get("answers") is True])
        return {}

    async def words(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What staff heard in a recording, by the staff's own interface."""
        file = text_in(asked, "file")
        if not FILE.fullmatch(file):
            raise Refusal("there is no such recording", 404)
        await self._api.post(f"attachments/{file}/words", {"text": text_in(asked, "text")})
        return {}


def _caller(asked: Mapping[str, Any]) -> Player:
    found = caller_at(str(asked.get("caller")))
    if found is None:
        raise Refusal("nobody here calls from that number", 404)
    return found


def _confidence(asked: Mapping[str, Any]) -> float:
    try:
        return min(1.0, max(0.0, float(asked.get("confidence", 0.92))))
    except (TypeError, ValueError):
        raise Refusal("confidence is a number from 0 to 1") from None
