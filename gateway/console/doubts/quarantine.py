"""Quarantine: items that could not be handled, with the cause in plain words, and handled again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.console.kit import Kit, Page, Room, back, language_of
from gateway.console.wording import Wording
from gateway.staff.actor import Right, actor_of
from gateway.staff.masking import Masked
from gateway.staff.problems import Problem
from gateway.staff.quarantine import Quarantine, Replay
from store.values import Entry

ON_A_PAGE = 30
PROGRAM = re.compile(r"(\w+) in .+")  # how gateway/intake/quarantine.py tells of an error: kind and place
BECAME = frozenset({"handled", "quarantined", "stored"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An item that waits. ``cause`` for people, ``detail`` for whoever mends the program."""

    entry: Entry
    cause: str
    detail: str


class QuarantinePages(Room):
    def __init__(self, kit: Kit, replay: Replay) -> None:
        super().__init__(kit)
        self._quarantine = Quarantine(kit.house, replay)

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path="/doubts", right=Right.MEND, handler=self.listed),
            Page(method="POST", path="/doubts/quarantine/{item}/replay", right=Right.MEND, handler=self.replay),
        )

    async def listed(self, request: web.Request) -> web.Response:
        written = request.query.get("after", "")
        after = int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
        page, following = await self._quarantine.page(actor_of(request), after, ON_A_PAGE)
        items = [_kept(language_of(request), entry) for entry in page]
        return self.kit.render(request, "doubts/quarantine.html", queue="quarantine", items=items, after=following)

    async def replay(self, request: web.Request) -> web.Response:
        try:
            outcome = await self._quarantine.again(request)
        except Problem as refusal:
            if refusal.status == 404:
                return self.kit.refuse(request, 404, "not_found")
            raise back("/doubts", "cannot_replay") from None
        raise back("/doubts", outcome if outcome in BECAME else "replayed")


def _kept(words: Wording, entry: Entry) -> Kept:
    detail = Masked().text(entry.cause)
    program = PROGRAM.fullmatch(entry.cause)
    if entry.cause == "damaged":
        return Kept(entry=entry, cause=words("doubts.cause_damaged"), detail="")
    if program is not None:
        return Kept(entry=entry, cause=words("doubts.cause_program", kind=program[1]), detail=detail)
    return Kept(entry=entry, cause=words("doubts.cause_unreadable", why=detail), detail="")
