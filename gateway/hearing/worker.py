"""Recordings that wait for words: each is heard by the recogniser, or by a person who is asked to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from prometheus_client import Counter

from channels.base import Answer
from gateway.delivery.damaged import damaged_task
from gateway.hearing.asking import ask_a_person, finish
from gateway.hearing.doubt import is_doubtful, says_nothing
from gateway.hearing.errors import Again, HearingError, Never, Resting
from gateway.hearing.item import submission_of
from gateway.hearing.port import Transcriber
from gateway.house import House
from gateway.intake.talk import Talk
from gateway.operations.metrics import REGISTRY
from normalizer.record import Submission
from store.errors import Damaged
from store.unit import Unit
from store.values import File, Hearing, Words

log = structlog.get_logger(__name__)

Submit = Callable[[Submission], Awaitable[Answer]]

ACTOR = "recogniser"
MARGIN = timedelta(minutes=2)  # of the lease, beside the recogniser's own time
IDLE_SECONDS = 5.0
STEPS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2))
MOST_TRIES = 6  # in three hours: whoever left a message waits for us
TOO_OLD = timedelta(days=3)  # a person has heard of it by then

# The name tells a recogniser the format; the file's own name tells of a person.
ENDINGS = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/flac": "flac",
    "audio/amr": "amr",
    "audio/amr-wb": "awb",
    "audio/silk": "silk",
}

HEARINGS = Counter("tousu_hearings", "Recordings, by what became of hearing them", ["outcome"], registry=REGISTRY)


class HearingWorker:
    """Takes waiting recordings one at a time. Without a transcriber it asks a person at once."""

    def __init__(self, house: House, transcriber: Transcriber | None, submit: Submit) -> None:
        self._house, self._transcriber, self._submit = house, transcriber, submit
        self._lease = timedelta(seconds=house.settings.speech_timeout) + MARGIN

    async def run(self) -> None:
        while True:
            seen = self._house.store.wake.rings
            if not await self.run_once():
                await self._house.store.wake.wait(IDLE_SECONDS, since=seen)

    async def run_once(self) -> int:
        """Hear one recording that is due; how many there were."""
        now = self._house.clock.now()
        async with self._house.store.unit() as unit:
            file = await unit.files.claim_unheard(now, lease=self._lease)
            damaged = list(unit.files.damaged)
            for bad in damaged:
                log.error("file_damaged", channel=bad.channel, file=bad.id)
                await unit.tasks.add(damaged_task(bad, "review", now))
            if file or damaged:
                await unit.commit()
        if file is not None:
            await self.hear(file)
        return len(damaged) + (file is not None)

    async def hear(self, file: File) -> None:
        """One recording: its words go where it belongs, or it is tried again, or left to a person."""
        try:
            words = file.words or await self._words_of(file)
            wanted = file.words is not None or await self._keep(file, words)
        except Again as error:
            return await self._later(file, error)
        except Never as error:
            return await self._leave_to_a_person(file, error)
        except Damaged:
            return await self._leave_to_a_person(file, Never("damaged"))
        if wanted:
            await self._pass_on(file, words)

    async def _keep(self, file: File, words: Words) -> bool:
        """Before anything else is done with them: no recording is sent out twice for nothing."""
        async with self._house.store.unit() as unit:
            kept = await unit.files.keep_words(file.id, words)
            await self._note_sending(unit, file, "heard")
            await unit.commit()
        return kept

    async def _words_of(self, file: File) -> Words:
        if self._transcriber is None:
            raise Never("no recogniser")
        if file.received_at is not None and self._house.clock.now() - file.received_at > TOO_OLD:
            raise Never("too old")
        return await self._asked(self._transcriber, file)

    async def _asked(self, transcriber: Transcriber, file: File) -> Words:
        content = await self._house.store.blobs.get(file.sha256)
        language = await self._language_of(file)
        kind = file.media_type.partition(";")[0].strip().lower()
        try:
            heard = await transcriber.words_of(content, kind, f"recording.{ENDINGS.get(kind, 'bin')}", language)
        except HearingError:
            raise
        except Exception as error:  # a mistake of ours, or of a recogniser's: neither may cost the message
            log.exception("hearing_crashed", channel=file.channel)
            raise Again(type(error).__name__) from error
        if says_nothing(heard):
            raise Never("nothing was heard", sent=True)
        return Words(text=heard.text, method="machine", confidence=heard.confidence)

    async def _language_of(self, file: File) -> str:
        """As the talk went; a message without one is taken for Chinese."""
        async with self._house.store.reading() as unit:
            talk = await unit.conversations.get(file.conversation_id) if file.conversation_id else None
        return "en" if talk is not None and Talk.from_state(talk.state).language == "en" else "zh"

    async def _pass_on(self, file: File, words: Words) -> None:
        """Submitted first: a crash in between submits the same item again, which counts once."""
        await self._submit(await submission_of(self._house.store, file, words))
        doubtful = is_doubtful(words)
        HEARINGS.labels(outcome="doubtful" if doubtful else "heard").inc()
        async with self._house.store.unit() as unit:
            if await unit.files.heard(file.id, Hearing.DONE):
                await self._tell(unit, file, doubtful)
            await unit.commit()

    async def _tell(self, unit: Unit, file: File, doubtful: bool) -> None:
        """A person listens to what is doubtful; whoever was asked to before need not any more."""
        if doubtful:
            await ask_a_person(self._house, unit, file.id, "doubtful")
        else:
            await finish(self._house, unit, file, ACTOR)

    async def _later(self, file: File, error: Again) -> None:
        if file.hearings >= MOST_TRIES and not isinstance(error, Resting):
            return await self._leave_to_a_person(file, error)
        HEARINGS.labels(outcome="again").inc()
        log.warning("hearing_failed", channel=file.channel, cause=str(error))
        counted = file.hearings - isinstance(error, Resting)
        async with self._house.store.unit() as unit:
            await unit.files.hear_later(file.id, self._house.clock.now() + (error.after or _step(file)), counted)
            if error.sent:
                await self._note_sending(unit, file, str(error))
            await unit.commit()

    async def _leave_to_a_person(self, file: File, error: HearingError) -> None:
        HEARINGS.labels(outcome="to_a_person").inc()
        async with self._house.store.unit() as unit:
            if await unit.files.heard(file.id, Hearing.FAILED):
                await ask_a_person(self._house, unit, file.id, str(error))
            if error.sent:
                await self._note_sending(unit, file, str(error))
            await unit.commit()

    async def _note_sending(self, unit: Unit, file: File, outcome: str) -> None:
        """A voice was entrusted to somebody: kept with the audit trail for three years (PIPL 55, 56)."""
        name = self._transcriber.name if self._transcriber else ""
        facts = {"model": name, "bytes": file.size, "outcome": outcome}
        now = self._house.clock.now()
        await unit.audit.write(at=now, actor=ACTOR, action="sent_to_hear", subject=f"file {file.id}", detail=facts)


def _step(file: File) -> timedelta:
    return STEPS[min(max(file.hearings, 1), len(STEPS)) - 1]
