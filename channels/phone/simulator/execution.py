"""One document after the other, verb by verb, until one of them waits for a person."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin

from channels.phone.simulator.dialling import Dialling
from channels.phone.simulator.documents import Verb, read, slips
from channels.phone.simulator.gathering import Gathering
from channels.phone.simulator.recording import Recording
from channels.phone.simulator.values import Trouble, Wait

if TYPE_CHECKING:
    from channels.phone.simulator.call import Call

SORRY = "We are sorry, an application error has occurred. Goodbye."
MOST_DOCUMENTS = 30  # between two things that a person does
GOING_ROUND = 12400


class Waiting(Protocol):
    """A verb that waits for the person."""

    @property
    def wait(self) -> Wait: ...

    async def heard(self, text: str, confidence: float | None, seconds: float) -> None: ...

    async def pressed(self, digits: str) -> None: ...

    async def silent(self) -> None: ...

    async def left(self, partial: str) -> None:
        """The person hung up; the call has ended."""
        ...


class Execution:
    """Where a call stands in its documents."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.webhooks = call.exchange.webhooks
        self.url = ""  # of the document being executed
        self.rest: deque[Verb] = deque()
        self.waiting: Waiting | None = None
        self.fetched = 0

    async def run(self) -> None:
        """Go on until a verb waits or the call is over."""
        while not self.call.ended and self.waiting is None:
            if not self.rest:
                await self.call.out_of_verbs()
                return
            try:
                await self._execute(self.rest.popleft())
            except Trouble as trouble:
                await self._fall_back(trouble, self.url, {})

    async def _execute(self, verb: Verb) -> None:
        match verb.name:
            case "Say" | "Play" | "Pause":
                self.speak(verb)
            case "Redirect":
                await self.go_to(verb.text, method=verb.get("method", "POST"))
            case "Hangup":
                self.call.end("completed")
            case "Reject":
                self.call.reject(verb.get("reason", "rejected"))
            case "Gather":
                self.call.answer()
                for child in verb.children:
                    self.speak(child)
                self.waiting = Gathering(self.call, verb)
            case "Record":
                self.call.answer()
                self.waiting = Recording(self.call, verb)
            case "Dial":
                self.waiting = Dialling(self.call, verb)

    def speak(self, verb: Verb) -> None:
        """The words, or the address of the sound; a pause is not heard."""
        self.call.answer()
        if verb.name != "Pause":
            self.call.hears(verb.text if verb.name == "Say" else self.resolve(verb.text))

    def resolve(self, target: str) -> str:
        """The address as this document means it; empty is the document itself."""
        return urljoin(self.url, target)

    async def go_to(self, target: str, extra: Mapping[str, str] | None = None, method: str = "POST") -> None:
        """Leave this document for another one."""
        self.waiting = None
        self.rest.clear()
        url, params = self.resolve(target), {**self.call.params(), **(extra or {})}
        try:
            self._count(url)
            await self._open(url, method, params)
        except Trouble as trouble:
            await self._fall_back(trouble, url, extra or {})

    def give(self, document: str) -> None:
        """A document that came with the call itself; its addresses must be whole ones. Raises Trouble."""
        self.rest.extend(read(document.encode()))

    def _count(self, url: str) -> None:
        self.fetched += 1
        if self.fetched > MOST_DOCUMENTS:
            raise Trouble(GOING_ROUND, f"documents go round in a circle at {url}")

    async def _open(self, url: str, method: str, params: Mapping[str, str]) -> None:
        reply = await self.webhooks.ask(url, method.upper(), params)
        verbs = read(reply.content, reply.media_type)
        if not self.call.ended:
            self.url = url
            self.rest.extend(verbs)
            self.call.warned(slips(verbs), url)

    async def _fall_back(self, trouble: Trouble, url: str, extra: Mapping[str, str]) -> None:
        """The fallback document instead, once; when that does not come either, an apology and the end."""
        self.rest.clear()
        self.waiting = None
        self.call.failed(trouble, url)
        fallback = self.call.fallback_url
        if not fallback or url == fallback or self.call.ended:
            self._apologize()
            return
        try:
            told = {"ErrorCode": str(trouble.code), "ErrorUrl": url}
            await self._open(fallback, "POST", {**self.call.params(), **extra, **told})
        except Trouble as worse:
            self.call.failed(worse, fallback)
            self._apologize()

    def _apologize(self) -> None:
        if not self.call.ended:
            answered = self.call.state == "in-progress"
            self.call.hears(SORRY)
            self.call.end("completed" if answered else "failed")

    async def report(self, target: str, extra: Mapping[str, str], method: str = "POST") -> None:
        """Call an action whose document nobody will hear."""
        await self.webhooks.tell(self.resolve(target), {**self.call.params(), **extra}, method)
