"""An OpenAI-compatible endpoint: one question, one answer, within a time limit; every failure is an empty answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr

from channels.base import Clock
from gateway.guests.address import Names, address_of, is_invited
from gateway.guests.breaker import Breaker
from gateway.guests.reply import Unusable, body_of, wait_of
from gateway.guests.wire import Wire
from gateway.model.errors import Away, Busy, ModelError, Nonsense, Refused
from gateway.model.port import Reply
from gateway.model.prompt import FORMS, messages
from gateway.model.reading import read_reply
from gateway.operations.metrics import MODEL_REPLIES
from gateway.settings import Settings
from normalizer.proposals.accepting import Proposal
from normalizer.proposals.hiding import Masked

log = structlog.get_logger(__name__)

MOST_BYTES = 64 * 1024  # of a reply; forty proposals take a tenth of it
MOST_TOKENS = 2000
PAUSE = 0.5  # seconds before the one retry, when the server names none
PAUSE_DIGITS = 5  # of the seconds that it names
VERB = "/chat/completions"
SETTINGS = Names(url="TOUSU_MODEL_URL", key="TOUSU_MODEL_KEY", model="TOUSU_MODEL_NAME", carries="complaints")
# How servers say that they do not know a response_format: 400 (OpenAI, vLLM), 422 (FastAPI's validation), 501.
UNKNOWN_FORM = frozenset({400, 422, 501})


class ChatCompletions:
    """``POST {url}/chat/completions`` with a bearer key (OpenAI API reference, "Create chat completion")."""

    def __init__(self, *, url: str, key: SecretStr, name: str, seconds: float, clock: Clock) -> None:
        """Raises ValueError when the URL is not https (http on loopback only)."""
        self._wire = Wire(url=address_of(url, VERB, SETTINGS), key=key, seconds=seconds)
        self._name, self._seconds = name, seconds
        self._breaker = Breaker(clock)
        self._form = 0  # the strictest of FORMS that this server is known to take

    @property
    def name(self) -> str:
        return self._name

    async def propose(self, masked: Masked, asked_for: Sequence[str]) -> Reply:
        """Proposals for these fields; none on any failure, whatever its kind."""
        if self._breaker.is_open:
            return self._nothing("resting", sent=False)
        try:
            async with asyncio.timeout(self._seconds):
                proposals = await self._asked_patiently(messages(masked, asked_for))
        except (ModelError, TimeoutError) as error:
            return self._failed(error)
        except Exception as error:  # the model is a guest: nothing it makes go wrong may cost the rules' record
            log.exception("model_crashed")
            return self._failed(error)
        self._breaker.succeeded()
        MODEL_REPLIES.labels(outcome="read").inc()
        return Reply(proposals=proposals, sent=True)

    async def aclose(self) -> None:
        await self._wire.aclose()

    def _failed(self, error: Exception) -> Reply:
        self._breaker.failed()
        return self._nothing(type(error).__name__.lower(), sent=True)

    def _nothing(self, outcome: str, *, sent: bool) -> Reply:
        MODEL_REPLIES.labels(outcome=outcome).inc()
        log.warning("model_gave_nothing", outcome=outcome)
        return Reply(sent=sent)

    async def _asked_patiently(self, told: list[dict[str, str]]) -> tuple[Proposal, ...]:
        """Once more when it is busy; the time limit around this decides whether there is time for it."""
        try:
            return await self._asked_in_some_form(told)
        except Busy as busy:
            if busy.after >= self._seconds:
                raise
            await asyncio.sleep(busy.after)
            return await self._asked_in_some_form(told)

    async def _asked_in_some_form(self, told: list[dict[str, str]]) -> tuple[Proposal, ...]:
        """In the strictest form that the server takes; what it took once is asked for from then on."""
        for form in range(self._form, len(FORMS)):
            try:
                body = await self._post({"messages": told, **FORMS[form]})
            except Refused:
                if form == len(FORMS) - 1:
                    raise
                continue
            self._form = form
            return read_reply(body)
        raise Refused("no form is left")

    async def _post(self, asked: dict[str, Any]) -> bytes:
        body = {"model": self._name, "temperature": 0, "max_tokens": MOST_TOKENS, **asked}
        try:
            async with self._wire.post(json=body) as response:
                _check(response)
                return await body_of(response, MOST_BYTES)
        except Unusable as error:
            raise Nonsense(str(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Away(type(error).__name__) from error


def configured(settings: Settings, clock: Clock) -> ChatCompletions | None:
    """The model that the settings name, None without one. Raises ValueError."""
    if not is_invited(settings.model_url, settings.model_name, SETTINGS):
        return None
    return ChatCompletions(
        url=settings.model_url,
        key=settings.model_key,
        name=settings.model_name,
        seconds=settings.model_timeout,
        clock=clock,
    )


def _check(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == 429 or (status >= 500 and status not in UNKNOWN_FORM):
        after = wait_of(response, PAUSE_DIGITS)
        raise Busy(str(status), PAUSE if after is None else after)
    if status in UNKNOWN_FORM:
        raise Refused(str(status))
    if status != 200:  # a redirect among them: the text goes where the insurer decided, and nowhere else
        raise Nonsense(str(status))
