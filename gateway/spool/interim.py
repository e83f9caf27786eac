"""What is said while nobody can read what was written or spoken: that it is kept, and how the answer will come."""

from __future__ import annotations

from dataclasses import replace

from channels.base import Answer, AnswerKind, Then
from gateway.intake.hotline import said
from gateway.intake.hotline.keys import OTHER_LANGUAGE, PERSON
from gateway.intake.phrases import Phrases, phrases
from gateway.medium import Medium
from gateway.settings import Settings
from normalizer.record import Gesture, Submission
from normalizer.text import fold, language_of

SILENT = Answer(kind=AnswerKind.SILENT)
WORDLESS = frozenset({Gesture.NOTED, Gesture.UNFOLLOW, Gesture.FOLLOW, Gesture.CHECKED})
NO_RECORDING = "9"
ENDS = frozenset({Gesture.SILENT, Gesture.RECORDED, Gesture.CONNECTED})  # of a call, as far as anybody can tell


def interim(submission: Submission, before: Answer | None, settings: Settings) -> Answer:
    """The words for somebody who is there to read or hear them; ``before``: what they were told last."""
    if submission.talk:
        return _on_the_line(submission, before, settings)
    nobody = not submission.sender or not submission.may_answer or submission.machine is not None
    if nobody or submission.gesture in WORDLESS:
        return SILENT
    words = phrases(_written_in(submission))
    return Answer(kind=AnswerKind.SPOKEN, text=_of_chat(words, submission, before), language=words.language)


def _of_chat(words: Phrases, submission: Submission, before: Answer | None) -> str:
    """The whole of it once: who writes line by line is not told the same each time."""
    if submission.gesture is not None:
        return words.say("away_ready")
    return words.say("away_more") if before is not None else words.say("away_kept")


def _written_in(submission: Submission) -> str:
    return submission.given.get("language") or language_of(submission.text, fold(submission.text))


def _on_the_line(submission: Submission, before: Answer | None, settings: Settings) -> Answer:
    words = phrases(_spoken_in(submission, before), Medium.EAR)
    answer = Answer(kind=AnswerKind.SPOKEN, asked="matter", language=words.language, recorded=_may(submission, before))
    if submission.gesture is Gesture.CALLED:
        return replace(answer, text=_opening(words, submission, settings))
    if submission.keyed == PERSON and settings.phone_agents.strip():
        return replace(answer, text=words.get("line", "ringing"), then=Then.PUT_THROUGH)
    if submission.gesture in ENDS:
        return replace(answer, text=words.get("line", "away_end"), then=Then.HANG_UP)
    if before is None or submission.keyed:
        return replace(answer, text=_beginning(words, submission))
    return replace(answer, text=words.get("line", "away_go_on"))


def _opening(words: Phrases, submission: Submission, settings: Settings) -> str:
    """As every call begins: nobody is recorded who was not told so."""
    lines = [words.get("line", "greeting", org=settings.org_name)]
    if settings.phone_record:
        lines.append(words.get("line", "recording_notice"))
    return words.joined(*lines, words.get("line", "english_too"), _beginning(words, submission))


def _beginning(words: Phrases, submission: Submission) -> str:
    """Who withholds the number is asked for one: nobody could call back."""
    return words.get("line", "away_begin" if submission.sender else "away_begin_withheld")


def _spoken_in(submission: Submission, before: Answer | None) -> str:
    now = before.language if before is not None else ""
    if submission.keyed == OTHER_LANGUAGE:
        return "zh-Hans" if now == "en" else "en"
    return said.language_wanted(submission.text) or now or language_of(submission.text, fold(submission.text))


def _may(submission: Submission, before: Answer | None) -> bool:
    """May the call be recorded? A refusal holds to its end."""
    if submission.keyed == NO_RECORDING or said.refuses_recording(submission.text):
        return False
    return before is None or before.recorded
