"""An OpenAI-compatible recogniser: one recording, one text, within a time limit."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta

import aiohttp
from pydantic import SecretStr

from channels.base import Clock
from gateway.guests.address import Names, address_of, is_invited
from gateway.guests.breaker import REST, Breaker
from gateway.guests.reply import Unusable, body_of, wait_of
from gateway.guests.wire import Wire
from gateway.hearing.errors import Again, Never, Resting
from gateway.hearing.port import Heard
from gateway.hearing.reading import read_reply
from gateway.settings import Settings

MOST_BYTES = 25 * 1024 * 1024  # of a recording (OpenAI API reference, "Create transcription": 25 MB)
MOST_REPLY_BYTES = 256 * 1024
LONGEST_WAIT = 3600  # seconds that a recogniser may ask us to wait
WAIT_DIGITS = 9  # of the seconds that it names
VERB = "/audio/transcriptions"
SETTINGS = Names(url="TOUSU_SPEECH_URL", key="TOUSU_SPEECH_KEY", model="TOUSU_SPEECH_MODEL", carries="recordings")
MEDIA_TYPE = re.compile(r"audio/[\w.+-]{1,60}", re.ASCII)
# What is wrong with this recording, not with the line: not taken, too large, not a sound they know.
REFUSALS = frozenset({400, 413, 415, 422})


class Transcriptions:
    """``POST {url}/audio/transcriptions`` with a bearer key (OpenAI API reference, "Create transcription")."""

    def __init__(self, *, url: str, key: SecretStr, name: str, seconds: float, clock: Clock) -> None:
        """Raises ValueError when the URL is not https (http on loopback only)."""
        self._wire = Wire(url=address_of(url, VERB, SETTINGS), key=key, seconds=seconds)
        self._name, self._seconds = name, seconds
        self._breaker = Breaker(clock)

    @property
    def name(self) -> str:
        return self._name

    async def words_of(self, content: bytes, media_type: str, name: str, language: str) -> Heard:
        """What is said in a recording. Raises Again or Never."""
        kind = media_type.partition(";")[0].strip().lower()
        if not MEDIA_TYPE.fullmatch(kind):
            raise Never("not a recording")
        if not 0 < len(content) <= MOST_BYTES:
            raise Never("empty" if not content else "too large")
        if self._breaker.is_open:
            raise Resting(REST)
        return await self._counted(content, kind, name, language)

    async def aclose(self) -> None:
        await self._wire.aclose()

    async def _counted(self, content: bytes, kind: str, name: str, language: str) -> Heard:
        """A recogniser that takes one recording and refuses another is well; one that fails is given a rest."""
        try:
            async with asyncio.timeout(self._seconds):
                heard = await self._post(content, kind, name, language)
        except TimeoutError:
            self._breaker.failed()
            raise Again("no answer in time") from None
        except Again:
            self._breaker.failed()
            raise
        except Never:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return heard

    async def _post(self, content: bytes, kind: str, name: str, language: str) -> Heard:
        form = self._form(content, kind, name, language)
        try:
            async with self._wire.post(data=form) as response:
                _check(response)
                return read_reply(await body_of(response, MOST_REPLY_BYTES))
        except Unusable as error:
            raise Again(str(error)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Again(type(error).__name__) from error

    def _form(self, content: bytes, kind: str, name: str, language: str) -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(content), filename=name, content_type=kind)
        for field, value in (("model", self._name), ("language", language), ("response_format", "json")):
            form.add_field(field, value)
        return form


def configured(settings: Settings, clock: Clock) -> Transcriptions | None:
    """The recogniser that the settings name, None without one. Raises ValueError."""
    if not is_invited(settings.speech_url, settings.speech_model, SETTINGS):
        return None
    return Transcriptions(
        url=settings.speech_url,
        key=settings.speech_key,
        name=settings.speech_model,
        seconds=settings.speech_timeout,
        clock=clock,
    )


def _check(response: aiohttp.ClientResponse) -> None:
    """A redirect is no answer either: the recording goes where the insurer decided, and nowhere else."""
    status = response.status
    if status in REFUSALS:
        raise Never(f"refused ({status})", sent=True)
    if status != 200:
        raise Again(str(status), after=_after(wait_of(response, WAIT_DIGITS)))


def _after(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=min(seconds, LONGEST_WAIT))
