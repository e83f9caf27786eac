"""Letters: handed in by the mailroom, listed, and shown line by line to whoever checks a value against the paper."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from pydantic import ValidationError

from channels.base import OLDEST_POST, HandIn, Mailroom
from channels.errors import Unreadable
from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer, download
from gateway.staff.letter_shapes import (
    MOST_FILES,
    HandedIn,
    LetterFacts,
    LetterForm,
    LetterPage,
    LettersAsked,
    LetterShown,
)
from gateway.staff.letter_view import listed, may_know, shown
from gateway.staff.looking import Look, looking
from gateway.staff.operation import Operation
from gateway.staff.paging import LARGEST_ID
from gateway.staff.problems import Problem, invalid
from gateway.staff.quarantine import ITEM_ID
from gateway.staff.reading import read_query
from gateway.staff.scan_pages import page_of
from gateway.staff.shapes import MustUnmask, Nothing, Unmask
from gateway.staff.uploads import MULTIPART, Form, read_form
from normalizer.record import SHANGHAI
from store.errors import Damaged
from store.values import KeptScan, LedgerId

log = structlog.get_logger(__name__)

FILES = {"file": MOST_FILES, "envelope": 1}
AT_ONCE = 3  # uploads held in memory at the same time


@dataclass(frozen=True, slots=True)
class Letters:
    """The part of the API that is about letters that came."""

    house: House
    mailroom: Mailroom | None = None
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def hand_in(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        if self.mailroom is None:
            raise Problem(503, "letters_off", "Set TOUSU_LETTER_IN to turn letters on.")
        if self.places.locked():
            raise Problem(503, "busy", headers={"Retry-After": "5"})
        async with self.places:
            given = self._given(await read_form(request, FILES))
            handed = await self._handed(self.mailroom, given, actor_of(request).login)
        response = answer(handed)
        response.set_status(202)
        return response

    def _given(self, form: Form) -> HandIn:
        """The letter as the form says it; a day that has not come yet, or is long past, is a slip of the pen."""
        facts = _facts(form)
        today = self.house.clock.now().astimezone(SHANGHAI).date()
        for name, day in (("received_on", facts.received_on), ("postmark", facts.postmark)):
            if day is not None and day > today:
                raise Problem(409, "not_yet", errors=[{"where": name, "why": "in the future"}])
        if facts.received_on is not None and facts.received_on < today - OLDEST_POST:
            why = f"more than {OLDEST_POST.days} days ago"
            raise Problem(409, "too_long_ago", errors=[{"where": "received_on", "why": why}])
        return HandIn(
            papers=tuple(form.files.get("file", ())),
            received_on=facts.received_on,
            postmark=facts.postmark,
            tracking_number=facts.tracking_number,
            envelope=next(iter(form.files.get("envelope", ())), None),
        )

    async def _handed(self, mailroom: Mailroom, given: HandIn, by: str) -> HandedIn:
        if not given.papers:
            raise Problem(422, "invalid", errors=[{"where": "file", "why": "no file was given"}])
        try:
            key, new = await mailroom.hand_in(given)
        except Unreadable as refusal:
            raise Problem(422, "unreadable", str(refusal)) from None
        async with self.house.store.unit() as unit:
            now, facts = self.house.clock.now(), {"files": len(given.papers), "new": new}
            await unit.audit.write(at=now, actor=by, action="hand_in", subject=f"letter {key[:64]}", detail=facts)
            await unit.commit()
        return HandedIn(key=key, new=new)

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, LettersAsked)
        async with looking(self.house, request) as look:
            kept, following = await page_of(look.unit, asked)
            items = await listed(look, kept)
        return answer(LetterPage(items=items, next=following))

    async def get(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask, by=Right.VERIFY) as look:
            whole = await shown(look, await _kept_of(look, request))
        return answer(whole)

    async def picture(self, request: web.Request) -> web.Response:
        asked = read_query(request, MustUnmask)
        async with looking(self.house, request, asked.unmask, by=Right.VERIFY) as look:
            kept = await _kept_of(look, request)
            sha256 = _image_of(kept, request.match_info["page"])
            await _note(look, kept, f"letter {kept.ledger_id} page {request.match_info['page']}")
        name = f"letter-{kept.ledger_id}-{request.match_info['page']}.jpg"
        return download(await self._bytes(sha256), name=name, media_type="image/jpeg")

    async def _bytes(self, sha256: str) -> bytes:
        try:
            return await self.house.store.blobs.get(sha256)
        except Damaged:
            raise Problem(500, "damaged") from None

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/letters",
                name="handInLetter",
                right=Right.POST,
                summary="Hand in a scan; several files are one letter. It is read soon, and listed then",
                handler=self.hand_in,
                body=LetterForm,
                body_type=MULTIPART,
                answer=HandedIn,
                success=202,
                refusals=(409,),
            ),
            Operation(
                method="GET",
                path="/letters",
                name="listLetters",
                right=Right.VERIFY,
                summary="Letters that were read, newest first; the doubtful ones oldest first",
                handler=self.list,
                query=LettersAsked,
                answer=LetterPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/mailroom/letters",
                name="listHandedIn",
                right=Right.POST,
                summary="What became of letters that were handed in, newest first; a number only for whoever sees it",
                handler=self.list,
                query=LettersAsked,
                answer=LetterPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/letters/{item}",
                name="getLetter",
                right=Right.VERIFY,
                summary="How a letter was read, and what a person must look at",
                handler=self.get,
                query=Unmask,
                answer=LetterShown,
            ),
            Operation(
                method="GET",
                path="/letters/{item}/pages/{page}",
                name="getLetterPage",
                right=Right.VERIFY,
                summary="The picture of one page, upright; needs a reason",
                handler=self.picture,
                query=MustUnmask,
            ),
        )


def _facts(form: Form) -> LetterFacts:
    """What a field left empty in the browser says is nothing."""
    try:
        return LetterFacts.model_validate({name: word for name, word in form.words.items() if word})
    except ValidationError as error:
        raise invalid(error) from None


async def _kept_of(look: Look, request: web.Request) -> KeptScan:
    """The letter in the path; a Problem where there is none that they may know of."""
    written = request.match_info["item"]
    known = ITEM_ID.fullmatch(written) and int(written) <= LARGEST_ID
    kept = await look.unit.scans.of_ledger(LedgerId(int(written))) if known else None
    if kept is None:
        raise Problem(404, "no_such_letter")
    cases = await look.unit.complaints.several([kept.complaint_id] if kept.complaint_id is not None else [])
    if not may_know(look.actor, kept, cases):
        raise Problem(404, "no_such_letter")
    return kept


def _image_of(kept: KeptScan, number: str) -> str:
    """The sha256 of a page's picture, by the number of the page."""
    for page, sha256 in zip(kept.scan.pages, kept.images, strict=False):
        if str(page.number) == number and sha256:
            return sha256
    raise Problem(404, "no_such_picture")


async def _note(look: Look, kept: KeptScan, what: str) -> None:
    case = await look.unit.complaints.get(kept.complaint_id) if kept.complaint_id is not None else None
    await look.note(case.number if case else f"item {kept.ledger_id}", what)
