"""A page that was read and judged, its picture packed: all that letters are made of, small enough to keep many."""

from __future__ import annotations

from dataclasses import dataclass

from channels.letter.reading.meaning.ours import slip_of
from normalizer.record import PageKind, ScanPage


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """``likeness`` is empty for a page that is no letter's; ``why`` tells what led to its kind."""

    page: ScanPage
    codes: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    likeness: str = ""
    why: tuple[str, ...] = ()

    @property
    def kind(self) -> PageKind:
        return self.page.kind

    @property
    def slip(self) -> str:
        """What its code says, if it is a return slip of ours."""
        return slip_of(self.codes)
