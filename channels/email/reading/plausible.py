"""Does it read like something a person wrote? The judge between two readings of the same bytes."""

from __future__ import annotations

import re
from functools import lru_cache

_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
SAMPLE = 20_000


def worth(text: str) -> float:
    """How much a reading looks like something a person wrote, 1 at best."""
    sample = text[:SAMPLE]
    return commonness(sample) - 2 * len(_STRANGE.findall(sample)) / max(1, len(re.findall(r"[^\x20-\x7e\s]", sample)))


def is_noise(text: str) -> bool:
    """A third and more of it are no characters."""
    return len(_STRANGE.findall(text)) * 3 > len(text)


def commonness(text: str) -> float:
    """The share of non-ASCII characters that are everyday Chinese: 0.97 for real text, 0.5 for a wrong guess."""
    beyond = [char for char in text[:SAMPLE] if char > "\x7f"]
    if not beyond:
        return 1.0
    return sum(map(_everyday, beyond)) / len(beyond)


@lru_cache(maxsize=16_384)
def _everyday(char: str) -> float:
    """Level 1 of GB 2312 or of Big5, and the punctuation both know; half for the rarer ones."""
    if char in "，。、；：？！（）“”‘’《》【】—…·「」『』￥～　．％＋－／＝＜＞":
        return 1.0
    gb, big5 = char.encode("gb2312", "ignore"), char.encode("cp950", "ignore")
    if b"\xb0\xa1" <= gb <= b"\xd7\xf9" or b"\xa4\x40" <= big5 <= b"\xc6\x7e":
        return 1.0
    if gb and gb[0] < 0xA4:
        return 0.8
    if "\uff01" <= char <= "\uff5e" or char >= "\U0001f300":
        return 0.9
    if b"\xd8\xa1" <= gb <= b"\xf7\xfe" or big5 >= b"\xc9\x40":
        return 0.6
    return 0.5 if "\u4e00" <= char <= "\u9fff" else 0.1
