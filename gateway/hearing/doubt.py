"""When words are not to be believed: silence that a recogniser fills, a needle that got stuck, a guess."""

from __future__ import annotations

import re

from gateway.hearing.port import Heard
from store.values import Words

LEAST_CONFIDENCE = 0.5
# What Whisper and its kin write down where nobody speaks: the credits of the subtitles that they learned from.
CREDITS = re.compile(
    r"请不吝点赞|明镜与点点|字幕(?:由|志愿者|组|制作|提供)|amara\.org|(?:谢谢|感谢)(?:大家|您|你们?)?(?:的)?(?:观看|收看)"
    r"|thanks? (?:you )?for watching|subtitles? by|優優獨播劇場",
    re.IGNORECASE,
)
LONGEST_CREDITS = 60  # characters; a story that mentions subtitles is longer
STUCK = re.compile(r"(.{1,30}?)\1{9,}", re.DOTALL)
NO_LETTER = re.compile(r"[\W_]*")


def says_nothing(heard: Heard) -> bool:
    """Silence, noise, or credits that nobody spoke."""
    text = heard.text
    return bool(NO_LETTER.fullmatch(text)) or (len(text) <= LONGEST_CREDITS and bool(CREDITS.search(text)))


def is_doubtful(words: Words) -> bool:
    """Should a person listen too? Who does not say how sure they are is believed, unless they stutter."""
    if words.confidence is not None and words.confidence < LEAST_CONFIDENCE:
        return True
    return bool(STUCK.search(words.text))
