"""Letters page by page: the doubtful ones oldest first, as they must be looked at; all others newest first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.staff.letter_shapes import LettersAsked
from gateway.staff.paging import cursor_of_id, id_after
from store.unit import Unit
from store.values import KeptScan, ScanState

LIST = "letters"
LEAST, BATCHES = 20, 5  # letters looked at for one page; a page may come back short, with a cursor to go on

Fetch = Callable[[int | None, int], Awaitable[list[KeptScan]]]


async def page_of(unit: Unit, asked: LettersAsked) -> tuple[list[KeptScan], str | None]:
    """Letters in the state asked for, and the cursor of the next page, None at the end."""
    list_name = f"{LIST}.{asked.state or 'all'}"
    fetch = _doubtful(unit) if asked.state is ScanState.DOUBTFUL else unit.scans.recent
    found, last = await _walk(fetch, asked, id_after(list_name, asked.cursor))
    return found, cursor_of_id(list_name, last) if last is not None else None


def _doubtful(unit: Unit) -> Fetch:
    return lambda after, limit: unit.scans.doubtful(after or 0, limit)


async def _walk(fetch: Fetch, asked: LettersAsked, place: int | None) -> tuple[list[KeptScan], int | None]:
    """Batch by batch until one is empty: a shorter one may only have rows in it that do not open."""
    found: list[KeptScan] = []
    for _ in range(BATCHES):
        batch = await fetch(place, max(asked.limit, LEAST))
        for kept in batch:
            if len(found) == asked.limit:
                return found, place
            place = kept.id
            if asked.state in (None, kept.state):
                found.append(kept)
        if not batch:
            return found, None
    return found, place
