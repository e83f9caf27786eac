"""Why an act is refused; nothing was changed then.

Refused
├── NotYours         their roles do not allow it
├── Closed           the complaint is over
├── MergedAway       it was merged into another, and work goes on there
├── InConflict       whoever it is about does not handle it (Art 17)
├── Unfit            this person or branch cannot have it
├── NoSuchCode       a category, product, grade or reason that the rules do not know
├── NothingNew       it is so already
├── AskedEnough      the same thing is asked twice at most
├── NotTheirWords    what is taken out does not stand in the complaint
├── NotLinkable      these two cannot be linked so
├── NoSuchLink       there is no such link
├── OutOfTime        a moment that cannot be
├── Unheard          nobody can be told, or nothing is said
└── NotTaken         the values were kept, but the complaint does not have them
"""

from __future__ import annotations

from typing import ClassVar


class Refused(Exception):
    """``code`` is what other systems and pages know it by; ``why`` is a code, or words without personal data."""

    code: ClassVar[str] = "refused"

    def __init__(self, why: object = "") -> None:
        super().__init__(str(why))
        self.why = str(why)


class NotYours(Refused):
    code = "not_yours"


class Closed(Refused):
    code = "closed"


class MergedAway(Refused):
    code = "merged_away"


class InConflict(Refused):
    code = "in_conflict"


class Unfit(Refused):
    code = "unfit"


class NoSuchCode(Refused):
    code = "no_such_code"


class NothingNew(Refused):
    code = "nothing_new"


class AskedEnough(Refused):
    code = "asked_enough"


class NotTheirWords(Refused):
    code = "not_their_words"


class NotLinkable(Refused):
    code = "not_linkable"


class NoSuchLink(Refused):
    code = "no_such_link"


class OutOfTime(Refused):
    code = "out_of_time"


class Unheard(Refused):
    code = "unheard"


class NotTaken(Refused):
    code = "not_taken"
