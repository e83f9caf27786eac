"""<Gather>: words or keys, and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from channels.phone.simulator.documents import NOT_TWIML, Verb
from channels.phone.simulator.values import Trouble, Wait

if TYPE_CHECKING:
    from channels.phone.simulator.call import Call

DEFAULT_TIMEOUT = 5
INPUTS = frozenset({"speech", "dtmf"})


class Gathering:
    """One <Gather> that waits."""

    def __init__(self, call: Call, verb: Verb) -> None:
        self.call = call
        self.verb = verb
        self.execution = call.execution
        self.action = self.execution.resolve(verb.get("action"))
        inputs = tuple(verb.get("input", "dtmf").replace(",", " ").split())
        if not inputs or not INPUTS.issuperset(inputs):
            raise Trouble(NOT_TWIML, f"input={verb.get('input')!r}")
        timeout = verb.number("timeout")
        self.wait = Wait(
            verb="gather",
            input=inputs,
            num_digits=verb.number("numDigits"),
            finish_on_key=verb.get("finishOnKey", "#"),
            timeout=DEFAULT_TIMEOUT if timeout is None else timeout,
            language=verb.get("language", "en-US"),
        )

    async def heard(self, text: str, confidence: float | None, seconds: float) -> None:
        """Words end a <Gather> that listens; one for keys does not hear them."""
        if "speech" not in self.wait.input:
            return
        await self._tell_partials(text)
        if not text:
            return await self.silent()
        sure = {} if confidence is None else {"Confidence": f"{confidence:.8f}"}
        await self._done({"SpeechResult": text, "Language": self.wait.language, **sure})

    async def pressed(self, digits: str) -> None:
        """Keys as far as they count; fewer than wanted are sent on when the time is over."""
        if "dtmf" not in self.wait.input:
            return
        taken, ended_by = self._taken(digits)
        if not taken:
            return await self.silent()
        await self._done({"Digits": taken, "FinishedOnKey": ended_by})

    def _taken(self, digits: str) -> tuple[str, str]:
        taken = ""
        for key in digits:
            if self.wait.finish_on_key and key in self.wait.finish_on_key:
                return taken, key
            taken += key
            if len(taken) == self.wait.num_digits:
                break
        return taken, ""

    async def silent(self) -> None:
        """Nothing came: the action only where that is wanted, else the next verb."""
        if self.verb.get("actionOnEmptyResult").lower() != "true":
            self.execution.waiting = None
            return
        speech = {"SpeechResult": ""} if "speech" in self.wait.input else {}
        keys = {"Digits": "", "FinishedOnKey": ""} if "dtmf" in self.wait.input else {}
        await self._done({"msg": "Gather End", **speech, **keys})

    async def left(self, partial: str) -> None:
        """No action is called for who hangs up here; what was half said, only where partials are asked for."""
        if partial and "speech" in self.wait.input:
            await self._tell_partials(partial)

    async def _done(self, result: Mapping[str, str]) -> None:
        await self.execution.go_to(self.action, result, self.verb.get("method", "POST"))

    async def _tell_partials(self, text: str) -> None:
        habit = self.call.exchange.habits.partials
        if not self.verb.get("partialResultCallback") or habit == "lost":
            return
        partials = list(enumerate(_growing(text)))
        if habit == "late":
            return self.call.exchange.soon(self._post(partials))
        await self._post(partials[::-1] if habit == "out of order" else partials)

    async def _post(self, partials: Sequence[tuple[int, str]]) -> None:
        target = self.execution.resolve(self.verb.get("partialResultCallback"))
        for place, words in partials:
            news = {
                "UnstableSpeechResult": words,
                "StableSpeechResult": words[: len(words) // 2],
                "Stability": "0.5",
                "SequenceNumber": str(place),
                "Language": self.wait.language,
            }
            await self.execution.report(target, news, self.verb.get("partialResultCallbackMethod", "POST"))


def _growing(text: str) -> list[str]:
    """What has been made out after a third, two thirds, and all of it."""
    ends = sorted({-(-len(text) * third // 3) for third in (1, 2, 3)} - {0})
    return [text[:end] for end in ends]
