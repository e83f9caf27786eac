"""A happening on the line becomes a submission: the same one now, after a crash, and when staff replay it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.origin import UNPROVEN
from channels.phone.calls import CHANNEL, contact_of, seconds_of, sid_of
from channels.phone.happening import After, Happening, Kind
from channels.phone.signature import Form
from normalizer.record import Attachment, Gesture, Submission, nothing

MOST_WORDS = 8_000
MOST_KEYS = 64
AUDIO = "audio/mpeg"
MESSAGES = frozenset({"RecordVerb", ""})  # a recording that we asked the caller for; others are of the whole talk


def understand(happening: Happening, *, received_at: datetime, least_confidence: float) -> Submission:
    """What it says. Raises Unreadable."""
    told = _told(happening, least_confidence)
    strange = happening.kind is Kind.STRANGE
    return Submission(
        channel=CHANNEL,
        key=happening.key,
        sender=contact_of(happening.caller or happening.form.get("From", "")),
        received_at=received_at,
        text=told.text,
        raw=happening.raw,
        attachments=told.attachments,
        gesture=told.gesture,
        attested=False,  # the number of a caller is easily forged
        warnings=(UNPROVEN,) if UNPROVEN in happening.form else (),
        may_answer=not strange,
        unreadable=happening.fault if strange else "",
        quoted=told.quoted,
        context={} if strange else {"call": sid_of(happening.form), **told.context},
        talk="" if strange else sid_of(happening.form),
        keyed=told.keyed,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one happening says."""

    gesture: Gesture | None = None
    text: str = ""
    quoted: str = ""
    keyed: str = ""
    attachments: tuple[Attachment, ...] = ()
    context: Mapping[str, str] = field(default_factory=nothing)


def _told(happening: Happening, least_confidence: float) -> Told:
    match happening.kind:
        case Kind.CALL:
            return Told(gesture=Gesture.CALLED)
        case Kind.STEP:
            return _step(happening, least_confidence)
        case Kind.PARTIAL:
            return Told(text=happening.words.strip()[:MOST_WORDS], context={"partial": "1"})
        case Kind.END:
            return Told(gesture=Gesture.HUNG_UP)
        case Kind.RECORDING:
            return _recording(happening.form)
        case Kind.STRANGE:
            return Told(text=happening.form.get("SpeechResult", "").strip()[:MOST_WORDS])


def _step(happening: Happening, least_confidence: float) -> Told:
    match happening.after:
        case After.DIAL:
            return Told(gesture=_put_through(happening.form))
        case After.RECORD:
            return _recorded(happening.form)
        case After.GATHER:
            return _gathered(happening.form, least_confidence)


def _gathered(form: Form, least_confidence: float) -> Told:
    words, keyed = words_of(form), keys_of(form)
    if keyed:
        return Told(keyed=keyed, quoted=words)
    if words and 0 < _confidence(form) < least_confidence:
        return Told(gesture=Gesture.UNHEARD, quoted=words)
    return Told(text=words) if words else Told(gesture=Gesture.SILENT)


def words_of(form: Form) -> str:
    return form.get("SpeechResult", "").strip()[:MOST_WORDS]


def keys_of(form: Form) -> str:
    return "".join(key for key in form.get("Digits", "")[:MOST_KEYS] if key in "0123456789")


def _confidence(form: Form) -> float:
    """How sure the recogniser is; 0 where it does not say, which is common and means nothing."""
    try:
        told = float(form.get("Confidence") or 0)
    except ValueError:
        return 0.0
    return told if math.isfinite(told) else 0.0


def _recorded(form: Form) -> Told:
    seconds = seconds_of(form.get("RecordingDuration", ""))
    there = "RecordingSid" in form or "RecordingUrl" in form
    if not (seconds or (there and seconds is None)):
        return Told(gesture=Gesture.SILENT)
    return Told(gesture=Gesture.RECORDED, context={"recording": form.get("RecordingSid", "")[:64]})


def _put_through(form: Form) -> Gesture:
    """Answered is not yet connected: whoever hangs up on our whisper has not talked to the caller."""
    answered = form.get("DialCallStatus") in ("completed", "answered")
    bridged = form.get("DialBridged", "").lower() != "false"
    return Gesture.CONNECTED if answered and bridged else Gesture.UNANSWERED


def _recording(form: Form) -> Told:
    """Twilio's address of the file is not believed: whoever could write it would be sent our password."""
    sid = sid_of(form, "RecordingSid")
    return Told(
        gesture=Gesture.MESSAGE if is_message(form) else Gesture.NOTED,
        attachments=(Attachment(name=f"{sid}.mp3", media_type=AUDIO, ref=sid),),
        context={"recording": sid, "seconds": str(seconds_of(form.get("RecordingDuration", "")) or "")},
    )


def is_message(form: Form) -> bool:
    """A recording that the caller made on purpose."""
    return form.get("RecordingSource", "") in MESSAGES
