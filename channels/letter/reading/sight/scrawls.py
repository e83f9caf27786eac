"""A signature is ink that nobody reads, and it should be there: it is no line that was lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels.letter.reading.pixels import size_of
from channels.letter.reading.sight.ordering import Fragment

SIGNED = re.compile(r"签名|签字|签章|署名|人[：:]|此致|敬礼|[Ss]ignature|[Ss]incerely")
END = 0.6  # of the height of what was read: below it people sign
NEAR = 2.5  # times the height of the words that ask for it


def lost(unread: Sequence[Fragment], read: Sequence[Fragment]) -> Sequence[Fragment]:
    """Of the boxes that say nothing those that are no signature; two of them may be words by hand."""
    return () if len(unread) == 1 and _is_signature(unread[0], read) else unread


def _is_signature(box: Fragment, read: Sequence[Fragment]) -> bool:
    if any(SIGNED.search(words.text) and _beside(box, words) for words in read):
        return True
    middles = [_middle(words) for words in read]
    return bool(middles) and _middle(box) > min(middles) + END * (max(middles) - min(middles))


def _beside(box: Fragment, words: Fragment) -> bool:
    return abs(_middle(box) - _middle(words)) <= NEAR * size_of(words.quad)[1]


def _middle(fragment: Fragment) -> float:
    return float(fragment.quad[:, 1].mean())
