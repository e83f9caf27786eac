"""Post: letters of ours, printed and waiting, on their way, arrived or come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from aiohttp import web

from gateway.casework.post import NoSuchLetter, NotPossible, move_letter
from gateway.house import House
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import answer, download
from gateway.staff.known_pages import known_page
from gateway.staff.letter_shapes import (
    Going,
    GoingAlone,
    GoingTogether,
    Moved,
    MovedTogether,
    PostAsked,
    PostingShown,
    PostPage,
)
from gateway.staff.looking import Look, looking
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID, cursor_of_id, id_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.scope import seen
from gateway.staff.shapes import MustUnmask, Nothing, Unmask
from normalizer.mask import mask_address, mask_name, mask_number
from normalizer.record import SHANGHAI
from store.errors import Damaged
from store.values import Posting, PostState

LIST = "post"
NOON = time(12)  # of a day whose hour nobody noted


class Against(StrEnum):
    """What may stand against a move; codes of our problems."""

    NO_SUCH_LETTER = "no_such_letter"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Postings:
    """The part of the API that is about letters of ours."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, PostAsked)
        place = f"{LIST}.{asked.state or 'all'}"
        async with looking(self.house, request, asked.unmask) as look:
            page, after = await known_page(
                lambda before, most: look.unit.post.list(asked.state, before, most),
                lambda found: _known(look, found),
                lambda posting: posting.seq,
                id_after(place, asked.cursor),
                asked.limit,
            )
            items = [await _shown(look, posting) for posting in page]
        return answer(PostPage(items=items, next=cursor_of_id(place, after) if after else None))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            shown = await _shown(look, await _posting_of(look, request))
        return answer(shown)

    async def pdf(self, request: web.Request) -> web.Response:
        asked = read_query(request, MustUnmask)
        async with looking(self.house, request, asked.unmask, by=Right.POST) as look:
            posting = await _posting_of(look, request)
            await look.note(posting.number or f"letter {posting.id}", f"letter {posting.id}")
        name = f"{posting.number or posting.id}.pdf"
        return download(await self._bytes(posting), name=name, media_type="application/pdf")

    async def _bytes(self, posting: Posting) -> bytes:
        try:
            return await self.house.store.blobs.get(posting.sha256)
        except Damaged:
            raise Problem(500, "damaged") from None

    async def move(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        wanted = await read_body(request, GoingAlone)
        async with looking(self.house, request) as look:
            posting = await _posting_of(look, request)
        moved = await self._move(posting.id, wanted, actor_of(request), wanted.tracking_number)
        if moved.problem:
            raise Problem(404 if moved.problem == Against.NO_SUCH_LETTER else 409, moved.problem)
        async with looking(self.house, request) as look:
            shown = await _shown(look, await _posting_of(look, request))
        return answer(shown)

    async def move_all(self, request: web.Request) -> web.Response:
        """One after the other: each letter is a transaction of its own, and says how it went."""
        read_query(request, Nothing)
        by = actor_of(request)
        wanted = await read_body(request, GoingTogether)
        return answer(MovedTogether(items=[await self._move(id, wanted, by) for id in dict.fromkeys(wanted.ids)]))

    async def _move(self, id: str, wanted: Going, by: Actor, tracking: str = "") -> Moved:
        state, at = PostState(wanted.state), self._when(wanted.on)
        try:
            moved = await move_letter(self.house, id, state, tracking=tracking, at=at, actor=by)
        except NoSuchLetter:
            return Moved(id=id, state=None, problem=Against.NO_SUCH_LETTER)
        except NotPossible as refusal:
            return Moved(id=id, state=refusal.now, problem=Against.NOT_POSSIBLE)
        return Moved(id=id, state=moved.state, problem="")

    def _when(self, day: date | None) -> datetime:
        """The moment of a postmark; a Problem for a day that has not come yet."""
        now = self.house.clock.now()
        if day is None:
            return now
        if day > now.astimezone(SHANGHAI).date():
            raise Problem(409, "not_yet", errors=[{"where": "on", "why": "in the future"}])
        return min(datetime.combine(day, NOON, SHANGHAI), now)

    def operations(self) -> tuple[Operation, ...]:
        return (*self._reads(), *self._moves())

    def _reads(self) -> Sequence[Operation]:
        return (
            Operation(
                method="GET",
                path="/post",
                name="listPost",
                right=Right.POST,
                summary="Letters of ours, newest first",
                handler=self.list,
                query=PostAsked,
                answer=PostPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/post/{posting}",
                name="getPosting",
                right=Right.POST,
                summary="One letter of ours",
                handler=self.get,
                query=Unmask,
                answer=PostingShown,
            ),
            Operation(
                method="GET",
                path="/post/{posting}/pdf",
                name="getPostingPdf",
                right=Right.POST,
                summary="The letter as it was printed; needs a reason",
                handler=self.pdf,
                query=MustUnmask,
            ),
        )

    def _moves(self) -> Sequence[Operation]:
        return (
            Operation(
                method="POST",
                path="/post/{posting}",
                name="moveLetter",
                right=Right.POST,
                summary="Write down that a letter was posted, arrived, or came back",
                handler=self.move,
                body=GoingAlone,
                answer=PostingShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/post",
                name="moveLetters",
                right=Right.POST,
                summary="The same for letters that were posted together; each answers for itself",
                handler=self.move_all,
                body=GoingTogether,
                answer=MovedTogether,
                refusals=(409,),
            ),
        )


async def _posting_of(look: Look, request: web.Request) -> Posting:
    """The letter in the path; a Problem where there is none that they may know of."""
    id = request.match_info["posting"]
    posting = await look.unit.post.get(id) if TASK_ID.fullmatch(id) else None
    if posting is None or not await _known(look, [posting]):
        raise Problem(404, "no_such_letter")
    return posting


async def _known(look: Look, letters: Sequence[Posting]) -> list[Posting]:
    """Those of complaints that they may know of: the mailroom too prints no answer to a complaint about itself."""
    ids = [each.complaint_id for each in letters if each.complaint_id is not None]
    known = {case.id for case in seen(look.actor, (await look.unit.complaints.several(ids)).values())}
    return [each for each in letters if each.complaint_id is None or each.complaint_id in known]


async def _shown(look: Look, posting: Posting) -> PostingShown:
    """With whom it goes to, so that a sheet finds its envelope."""
    parcel = await look.unit.outbox.get(posting.id)
    name, address = (parcel.context.get("name", ""), parcel.to.value) if parcel else ("", "")
    tracking = posting.tracking
    if look.reason is None:
        name, address, tracking = mask_name(name), mask_address(address), mask_number(tracking)
    else:
        await look.note(posting.number or f"letter {posting.id}", f"letter {posting.id}")
    return PostingShown(
        id=posting.id,
        complaint=posting.number,
        kind=posting.kind,
        state=posting.state,
        addressee=name,
        address=address,
        pages=posting.pages,
        sha256=posting.sha256,
        tracking_number=tracking,
        printed_at=posting.printed_at,
        posted_at=posting.posted_at,
        ended_at=posting.ended_at,
    )
