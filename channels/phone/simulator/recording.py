"""<Record>: what is said after the tone, until a key, silence, the limit, or the end of the call."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from channels.phone.simulator.documents import Verb
from channels.phone.simulator.values import Wait

if TYPE_CHECKING:
    from channels.phone.simulator.call import Call

ANY_KEY = "1234567890*#"
LONGEST = 3600
SILENCE = 5


class Recording:
    """One <Record> that waits."""

    def __init__(self, call: Call, verb: Verb) -> None:
        self.call = call
        self.verb = verb
        self.execution = call.execution
        self.tapes = call.exchange.tapes
        self.action = self.execution.resolve(verb.get("action"))
        self.wait = Wait(
            verb="record",
            finish_on_key=verb.get("finishOnKey", ANY_KEY),
            timeout=verb.number("timeout") or SILENCE,
            max_length=verb.number("maxLength") or LONGEST,
        )
        callback = verb.get("recordingStatusCallback")
        self.tape = self.tapes.begin(
            call,
            "RecordVerb",
            self.execution.resolve(callback) if callback else "",
            verb.get("recordingStatusCallbackMethod"),
            verb.get("recordingStatusCallbackEvent"),
        )
        self.seconds = 0.0

    async def heard(self, text: str, confidence: float | None, seconds: float) -> None:
        """Goes on the tape; the recording ends by itself only at its limit."""
        self._take(text, seconds)
        if self.seconds >= (self.wait.max_length or LONGEST):
            await self._done("")

    async def pressed(self, digits: str) -> None:
        """A finishing key ends it; others are only a sound on the tape."""
        ending = next((key for key in digits if key in self.wait.finish_on_key), "")
        if not ending:
            return self._take("", 0.2 * len(digits))
        await self._done(ending)

    async def silent(self) -> None:
        """The silence after words is cut off; a recording of nothing else is kept only by habit."""
        if not self.seconds and self.call.exchange.habits.silence_is_kept:
            self.seconds = self.wait.timeout or SILENCE
        await self._done("")

    async def left(self, partial: str) -> None:
        """The action is called all the same, and its document heard by nobody."""
        if partial:
            self._take(partial, self.call.time_to_say(partial))
        self._end()
        await self._tell("before")
        await self.execution.report(self.action, self._result("hangup"), self.verb.get("method", "POST"))
        self._tell_later()

    def _take(self, text: str, seconds: float) -> None:
        self.seconds += seconds
        if text:
            self.tape.words.append(text)

    async def _done(self, digits: str) -> None:
        """To the action; an empty recording calls none, and the document goes on."""
        if not self.seconds:
            return await self._nothing()
        self._end()
        await self._tell("before")
        await self.execution.go_to(self.action, self._result(digits), self.verb.get("method", "POST"))
        self._tell_later()

    async def _nothing(self) -> None:
        self._end()
        self.execution.waiting = None
        self._tell_later()

    def _end(self) -> None:
        self.tapes.end(self.tape, min(math.ceil(self.seconds), self.wait.max_length or LONGEST))

    def _result(self, digits: str) -> dict[str, str]:
        return {
            "RecordingSid": self.tape.sid,
            "RecordingUrl": self.tapes.url(self.tape),
            "RecordingDuration": str(self.tape.duration or 0),
            "Digits": digits,
        }

    async def _tell(self, when: str) -> None:
        if self.call.exchange.habits.recording_news in (when, "twice"):
            await self.tapes.tell(self.tape)

    def _tell_later(self) -> None:
        habit = self.call.exchange.habits.recording_news
        if habit == "at the end" and not self.call.ended:
            self.call.untold.append(self.tape)
        elif habit == "at the end":
            self.call.exchange.soon(self._tell_after_all_else())
        elif habit in ("after", "twice"):
            self.call.exchange.soon(self.tapes.tell(self.tape))

    async def _tell_after_all_else(self) -> None:
        async with self.call.telling:
            await self.tapes.tell(self.tape)
