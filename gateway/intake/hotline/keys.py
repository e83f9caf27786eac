"""What a key means depends on what was asked; 0 is a person, at any moment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from channels.base import NUMBERS
from normalizer.record import Gesture, Submission

PERSON = "0"
MOST_DIGITS = 40

HESITATION = re.compile(r"[\s，,。.…]*(?:(?:那个|這個|这个|就是|啊|嗯|呃|额|um+|uh+)[\s，,。.…]*){2,8}", re.IGNORECASE)

Meaning = Gesture | str  # a gesture, or the words it stands for

EVERYWHERE: Mapping[str, Meaning] = {"9": "不同意录音"}
OTHER_LANGUAGE = "8"
YES_OR_NO: Mapping[str, Meaning] = {"1": "对", "2": "不对"}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    "menu": {"1": Gesture.COMPLAINT, "2": Gesture.PROGRESS},
    "matter": {"1": Gesture.COMPLAINT, "2": Gesture.PROGRESS},
    "go_on": YES_OR_NO,
    "confirm": YES_OR_NO,
    "more": {"1": "再说一遍", "2": Gesture.PROGRESS},
    "withdraw_confirm": {"1": "确认撤回", "2": "不撤回"},
}


def in_words(submission: Submission, asked: str, language: str) -> Submission:
    """The submission with its keys as the words or the gesture they stand for; keys that mean nothing are unheard."""
    keyed = submission.keyed[:MOST_DIGITS]
    if not keyed:
        return _without_hesitation(submission) if submission.talk else submission
    if keyed == PERSON:
        return replace(submission, gesture=Gesture.HUMAN)
    if asked in NUMBERS:
        return replace(submission, text=keyed)
    other = {OTHER_LANGUAGE: "中文" if language == "en" else "English"}
    meaning = {**EVERYWHERE, **other, **MEANINGS.get(asked, {})}.get(keyed)
    if isinstance(meaning, Gesture):
        return replace(submission, gesture=meaning)
    if meaning is None:
        return replace(submission, gesture=Gesture.UNHEARD, quoted=keyed)
    return replace(submission, text=meaning)


def _without_hesitation(submission: Submission) -> Submission:
    """Somebody looks for words: nothing was said yet."""
    if not HESITATION.fullmatch(submission.text):
        return submission
    return replace(submission, gesture=Gesture.UNHEARD, quoted=submission.text, text="")
