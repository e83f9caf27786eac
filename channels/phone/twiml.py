"""An answer as a document for Twilio: the same answer is the same document, byte for byte.

https://www.twilio.com/docs/voice/twiml. Addresses are relative: they hold under whatever address we were called by.
"""

from __future__ import annotations

from typing import Any

from twilio.twiml.voice_response import Dial, Gather, Hangup, Record, Redirect, Say, VoiceResponse

from channels.base import NUMBERS, Answer, AnswerKind, Then
from channels.phone.saying import sayings
from channels.phone.settings import PhoneSettings
from channels.phone.words import WHISPER, clean, go_on, hints

MOST_AGENTS = 10  # Twilio rings no more at once
MESSAGE_SECONDS = 300
MAX_SPEECH_SECONDS = 60
WHISPER_SECONDS = 8  # until somebody who picked up has pressed a key


def render(answer: Answer, n: int, settings: PhoneSettings) -> str:
    """What Twilio does after step ``n``: say it, and whatever follows as step ``n + 1``."""
    response = VoiceResponse()
    following = _then(answer, settings)
    said = sayings(_text(answer, following), settings.tongue(answer.language))
    if following is Then.LISTEN:
        _add(response, [_listening(answer, n + 1, said, settings), _next(n + 1)])
    else:
        _add(response, said)
        _add(response, _after(following, n + 1, settings))
    return str(response)


def whispered(settings: PhoneSettings) -> str:
    """What our own person hears before the caller is there: nothing of the case, and a key to press.

    A mailbox presses none: it would else take the call, and the caller would talk to it.
    """
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", action="whisper", method="POST", num_digits=1, finish_on_key="", timeout=WHISPER_SECONDS
    )
    _add(gather, sayings(WHISPER.format(org=settings.org_name), settings.tongue("zh-Hans")))
    _add(response, [gather, Hangup()])
    return str(response)


def together() -> str:
    """The end of the whisper: the two can talk."""
    return str(VoiceResponse())


def _text(answer: Answer, following: Then) -> str:
    """Of words that go by another way nothing is said here; the person hears that the line is still open."""
    if answer.kind is AnswerKind.SPOKEN and clean(answer.text).strip():
        return answer.text
    return go_on(answer.language) if following in (Then.LISTEN, Then.RECORD) else ""


def _then(answer: Answer, settings: PhoneSettings) -> Then:
    """What can follow: nobody is recorded who refused, and nobody is rung where nobody is there."""
    if answer.then is Then.RECORD and not (answer.recorded and settings.record):
        return Then.LISTEN
    if answer.then is Then.PUT_THROUGH and not settings.agents:
        return Then.LISTEN
    return answer.then


def _after(following: Then, step: int, settings: PhoneSettings) -> list[Any]:
    if following is Then.RECORD:
        return [_recording(step), _next(step, "record")]
    if following is Then.PUT_THROUGH:
        return [_ringing(step, settings)]
    return [Hangup()]


def _listening(answer: Answer, step: int, said: list[Say], settings: PhoneSettings) -> Gather:
    """Words or keys; the question is inside, so that whoever knows it already may answer at once."""
    gather = Gather(
        input="speech dtmf",
        action=f"step?n={step}",
        method="POST",
        action_on_empty_result=True,
        partial_result_callback=f"partial?n={step}",
        max_speech_time=MAX_SPEECH_SECONDS,
        language=settings.tongue(answer.language).hear,
        hints=hints(answer.asked, answer.language),
        barge_in=True,
        profanity_filter=False,  # what an angry person says is evidence
        speech_model=settings.speech_model or None,
        **_pace(answer.asked),
    )
    _add(gather, said)
    return gather


def _pace(asked: str) -> dict[str, Any]:
    """How long we wait and which keys end it. A fixed pause: "auto" cuts people off, and not every model has it."""
    speech_timeout = 4 if asked == "matter" else 3
    if asked not in NUMBERS:
        return {"timeout": 8 if asked == "matter" else 6, "speech_timeout": speech_timeout, "num_digits": 1}
    digits = {"num_digits": 4} if asked == "last_four" else {}
    return {"timeout": 10, "speech_timeout": speech_timeout, "finish_on_key": "#", **digits}


def _recording(step: int) -> Record:
    return Record(
        action=f"step?n={step}&kind=record",
        method="POST",
        max_length=MESSAGE_SECONDS,
        timeout=8,
        finish_on_key="#",
        play_beep=True,
        trim="do-not-trim",
        recording_status_callback="recording",
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )


def _ringing(step: int, settings: PhoneSettings) -> Dial:
    dial = Dial(
        action=f"step?n={step}&kind=dial",
        method="POST",
        timeout=settings.ring_seconds,
        answer_on_bridge=True,
        caller_id=settings.number,
    )
    for agent in settings.agents[:MOST_AGENTS]:
        dial.number(agent, url="whisper", method="POST")
    return dial


def _next(step: int, kind: str = "") -> Redirect:
    """Where Twilio goes when it falls through a verb without calling: the same step, so never twice."""
    return Redirect(f"step?n={step}" + (f"&kind={kind}" if kind else ""), method="POST")


def _add(parent: Any, verbs: list[Any]) -> None:
    for verb in verbs:
        parent.append(verb)
