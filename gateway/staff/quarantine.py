"""Quarantine: items that could not be handled, kept whole, looked at by a person, and handled again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from gateway.house import House
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import OCTETS, answer, download
from gateway.staff.looking import looking
from gateway.staff.masking import Masked
from gateway.staff.operation import Operation
from gateway.staff.paging import LARGEST_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.scope import seen
from gateway.staff.shapes import ItemPage, ItemShown, MustUnmask, Nothing, QuarantineAsked, Replayed
from store.errors import Damaged
from store.unit import Unit
from store.values import Entry, LedgerId, LedgerState

LIST = "quarantine"
ITEM_ID = re.compile(r"[1-9][0-9]{0,18}")


class Replay(Protocol):
    """Handles an item of the ledger again."""

    def __call__(self, item: LedgerId, /) -> Awaitable[str]:
        """What became of it, in a word: handled, quarantined, …; failing again is an outcome, not an error.

        Raises LookupError when the channel of the item is off.
        """
        ...


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The part of the API that is about items in quarantine."""

    house: House
    replay_item: Replay

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, QuarantineAsked)
        async with looking(self.house, request) as look:
            page, after = await _page(look.unit, look.actor, id_after(LIST, asked.cursor) or 0, asked.limit)
        following = cursor_of_id(LIST, after) if after is not None else None
        return answer(ItemPage(items=[_item(entry) for entry in page], next=following))

    async def page(self, actor: Actor, after: int, limit: int) -> tuple[Sequence[Entry], int | None]:
        """Items that they may know of, and the id after which the next page begins, None at the end."""
        async with self.house.store.reading() as unit:
            return await _page(unit, actor, after, limit)

    async def raw(self, request: web.Request) -> web.Response:
        asked = read_query(request, MustUnmask)
        async with looking(self.house, request, asked.unmask) as look:
            entry = await _entry_of(look.unit, request)
            content = await _raw_of(look.unit, entry)
            await look.note(f"item {entry.id}", "raw")
        return download(content, name=f"{entry.channel}-{entry.id}.bin", media_type=OCTETS)

    async def replay(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        entry, outcome = await self._replayed(request)
        return answer(Replayed(id=entry.id, outcome=outcome))

    async def again(self, request: web.Request) -> str:
        """Handle the item in the path again; what became of it. A Problem where that cannot be."""
        _, outcome = await self._replayed(request)
        return outcome

    async def _replayed(self, request: web.Request) -> tuple[Entry, str]:
        async with self.house.store.unit() as unit:
            entry = await _entry_of(unit, request)
            now, subject = self.house.clock.now(), f"item {entry.id}"
            await unit.audit.write(at=now, actor=actor_of(request).login, action="replay", subject=subject)
            await unit.commit()
        return entry, await self._again(entry.id)

    async def _again(self, item: LedgerId) -> str:
        try:
            return await self.replay_item(item)
        except LookupError:
            raise Problem(409, "cannot_replay") from None

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/quarantine",
                name="listQuarantine",
                right=Right.MEND,
                summary="Items that could not be handled, oldest first",
                handler=self.list,
                query=QuarantineAsked,
                answer=ItemPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/quarantine/{item}/raw",
                name="getRawItem",
                right=Right.MEND,
                summary="The item byte for byte; needs a reason",
                handler=self.raw,
                query=MustUnmask,
            ),
            Operation(
                method="POST",
                path="/quarantine/{item}/replay",
                name="replayItem",
                right=Right.MEND,
                summary="Handle the item again",
                handler=self.replay,
                answer=Replayed,
                refusals=(409,),
            ),
        )


def _item(entry: Entry) -> ItemShown:
    """Without its key, which may be an address or an openid."""
    return ItemShown(
        id=entry.id,
        channel=entry.channel,
        received_at=entry.received_at,
        size=entry.size,
        sha256=entry.sha256,
        state=entry.state,
        attempts=entry.attempts,
        cause=Masked().text(entry.cause),
    )


async def _entry_of(unit: Unit, request: web.Request) -> Entry:
    written = request.match_info["item"]
    known = ITEM_ID.fullmatch(written) and int(written) <= LARGEST_ID
    entry = await unit.ledger.get(LedgerId(int(written))) if known else None
    if entry is None or entry.state is not LedgerState.QUARANTINED or not await _seen(unit, actor_of(request), [entry]):
        raise Problem(404, "no_such_item")
    return entry


async def _page(unit: Unit, actor: Actor, after: int, limit: int) -> tuple[list[Entry], int | None]:
    entries = await unit.ledger.quarantined(after=after, limit=limit + 1)
    page = entries[:limit]
    return await _seen(unit, actor, page), page[-1].id if len(entries) > len(page) else None


async def _seen(unit: Unit, actor: Actor, entries: Sequence[Entry]) -> list[Entry]:
    """Those of no complaint, and of complaints that they may know of."""
    cases = await unit.complaints.several(entry.complaint_id for entry in entries if entry.complaint_id is not None)
    known = {case.id for case in seen(actor, cases.values())}
    return [entry for entry in entries if entry.complaint_id is None or entry.complaint_id in known]


async def _raw_of(unit: Unit, entry: Entry) -> bytes:
    try:
        content, _ = await unit.ledger.raw(entry.id)
    except Damaged:
        raise Problem(500, "damaged") from None
    return content
