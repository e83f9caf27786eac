"""Pages of what somebody may know of: full if there is enough, and with a next one only if something is on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

SCAN, SCANS = 200, 5  # rows looked at for one page beyond those it would hold; then it comes back short

R = TypeVar("R")
P = TypeVar("P")  # what a place in the list is named by
Rows = Callable[[P | None, int], Awaitable[Sequence[R]]]  # those after a place, so many at most
Known = Callable[[Sequence[R]], Awaitable[Sequence[R]]]  # those of them that the reader may know of


async def known_page(
    rows_after: Rows[P, R], known: Known[R], place: Callable[[R], P], after: P | None, limit: int
) -> tuple[list[R], P | None]:
    """The page after a place, and the place after which the next begins, None at the end.

    A cursor is a word about what is hidden, too: a page that is empty and has a next one tells that something matched.
    """
    found: list[R] = []
    for most in (limit + 1, *[SCAN] * SCANS):
        rows = await rows_after(after, most)
        found += await known(rows)
        if len(found) > limit:
            return found[:limit], place(found[limit - 1])
        if len(rows) < most:
            return found, None
        after = place(rows[-1])
    return found, after
