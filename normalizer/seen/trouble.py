"""Pages of which not everything was read."""

from __future__ import annotations

from normalizer.record import PageKind, Scan, ScanPage
from normalizer.seen.places import Place

UNSEEN = frozenset({"lines_unseen", "ink_unread"})
UNREADABLE = frozenset({"page_unreadable", "page_unread"})  # could not be opened; could not be read
OWN_WORDS = (PageKind.LETTER, PageKind.SLIP)  # an enclosure's pictures are ink that nobody reads


def troubled(scan: Scan) -> list[ScanPage]:
    """Pages on which the sender may have said more; of an unreadable one nobody can tell that it is an enclosure."""
    return [page for page in scan.pages if is_troubled(page)]


def is_troubled(page: ScanPage) -> bool:
    if not UNREADABLE.isdisjoint(page.warnings):
        return True
    return page.kind in OWN_WORDS and not UNSEEN.isdisjoint(page.warnings)


def whole(page: ScanPage) -> Place:
    return Place(page=page.number, box=(0, 0, page.width, page.height))
