"""One message read closely: what it holds, what it wants, whether anybody is in danger."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizer import heard as bare
from normalizer.cues import cues
from normalizer.intent import intent_of, signs_of
from normalizer.lexicon import Hit
from normalizer.message import Message, answered, understand
from normalizer.record import Complaint, Intent, Submission
from normalizer.text import Found, Reading, read
from normalizer.urgency import danger, flags

INTAKE = (Intent.COMPLAINT, Intent.SUPPLEMENT, Intent.OTHER)
DANGER = ("self_harm", "safety", "group")
GRAVE = ("death", "fraud", "data_leak", "group", "legal_action", "regulator")
SPACED = re.compile(r"[一-鿿] [一-鿿]")
ANSWERABLE = ("matter", "request")
ASKING = ("?", "吗", "呢")


@dataclass(frozen=True, kw_only=True, slots=True)
class Heeded:
    """A message with everything that was found in it and what it wants."""

    submission: Submission
    reading: Reading
    message: Message
    flags: list[Found]
    alarm: Found | None  # danger that sentences about it have taught to hear
    hits: list[Hit]
    intent: Intent
    rule: str
    declined: str
    agreed: bool | None


def heed(submission: Submission, so_far: Complaint | None, asked: str | None) -> Heeded:
    """Read a submission and decide what it wants."""
    reading = read(submission)
    hits = cues(reading.flat)
    raised = flags(reading.flat, hits, submission.received_on)
    raised += _danger_in(reading.middle, raised) + _danger_between_spaces(reading.flat, raised)
    alarm = danger(reading.flat)
    if alarm and alarm.value in DANGER and alarm.value not in {flag.value for flag in raised}:
        raised.append(alarm)
    message = understand(
        submission, reading, hits, {*(flag.value for flag in raised), *(so_far.flag_codes if so_far else ())}, asked
    )
    text = reading.flat.strip()
    declined, agreed = bare.declined(text), bare.agreed(text)
    endangered = alarm is not None or any(flag.value in DANGER for flag in raised)
    signs = signs_of(
        text, hits, request="request" in message.fields, flags=endangered, serious=_serious(message, raised)
    )
    intent, rule = (Intent.COMPLAINT, "intent.form") if submission.given else intent_of(submission, signs, so_far)
    alone = intent
    if asked == "request" and intent is Intent.CONSULT and not text.endswith(ASKING):
        intent = Intent.COMPLAINT
    if asked and intent in INTAKE and not declined and agreed is None and asked in ANSWERABLE and text:
        message = answered(message, reading, asked)
    elif asked in message.fields:
        message = answered(message, reading, str(asked))
    intent = _as_answer(intent, message, so_far, asked, declined, agreed)
    if intent is Intent.OTHER and bare.correcting(text) in message.fields:
        intent = Intent.SUPPLEMENT
    return Heeded(
        submission=submission,
        reading=reading,
        message=message,
        flags=raised,
        alarm=alarm,
        hits=hits,
        intent=intent,
        rule=rule if intent is alone else "intent.answer",
        declined=declined,
        agreed=agreed,
    )


def _serious(message: Message, raised: list[Found]) -> bool:
    """Who names a death, a fraud or sums together with name and number does not merely ask."""
    grave = any(flag.value in GRAVE for flag in raised)
    named = "complainant_name" in message.fields and "phone" in message.fields
    return grave or (named and "request" in message.fields) or (named and bool(message.amounts))


def _danger_in(middle: str, raised: list[Found]) -> list[Found]:
    """The part of an over-long text that is not read closely is still searched for danger."""
    if not middle:
        return []
    return [flag._replace(start=0, end=0) for flag in _new_danger(middle, raised)]


def _danger_between_spaces(flat: str, raised: list[Found]) -> list[Found]:
    """自 杀 and 割 腕, as poor print and anxious thumbs space them."""
    if " " not in flat or not SPACED.search(flat):
        return []
    places = [i for i, character in enumerate(flat) if character != " "]
    found = _new_danger("".join(flat[i] for i in places), raised)
    return [flag._replace(start=places[flag.start], end=places[flag.end - 1] + 1) for flag in found]


def _new_danger(text: str, raised: list[Found]) -> list[Found]:
    known = {flag.value for flag in raised}
    found = flags(text, cues(text))
    return [flag for flag in found if flag.value in DANGER and flag.value not in known]


def _as_answer(
    intent: Intent, message: Message, so_far: Complaint | None, asked: str | None, declined: str, agreed: bool | None
) -> Intent:
    """A bare reply to our question belongs to the complaint that is being taken down; it is no new one."""
    if so_far is None and not asked:
        return intent
    bare_reply = bool(declined) or agreed is not None or bool(message.fields) or asked in ("last_four", "case_number")
    told = "matter" in message.fields or "request" in message.fields or so_far is None
    if intent is Intent.COMPLAINT and asked in (None, "matter") and told:
        return intent
    if intent in (Intent.COMPLAINT, Intent.OTHER) and bare_reply:
        return Intent.SUPPLEMENT
    return intent
