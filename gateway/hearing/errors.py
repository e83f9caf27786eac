"""What can go wrong with hearing: again, and when? or never, and why?

HearingError(sent)
├── Again(after)   429, 5xx, no answer in time, nonsense, our key  → the same recording, later
│   └── Resting    it failed again and again, and is left alone    → later, and this was no try
└── Never          too large, not taken, nothing said              → a person listens
"""

from __future__ import annotations

from datetime import timedelta


class HearingError(Exception):
    """There are no words. ``sent``: the recording has left the house all the same."""

    def __init__(self, reason: str, *, sent: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent


class Again(HearingError):
    """The same recording may be heard later."""

    def __init__(self, reason: str, *, after: timedelta | None = None, sent: bool = True) -> None:
        super().__init__(reason, sent=sent)
        self.after = after  # the recogniser's own wish, if it told one


class Resting(Again):
    """The recogniser failed again and again; nothing was sent."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("resting", after=after, sent=False)


class Never(HearingError):
    """This recording will not be heard by a machine."""
