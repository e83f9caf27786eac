"""The counter: a clerk registers a visitor in the same dialogue, and prints a receipt."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol
from uuid import uuid4

from aiohttp import web

from channels.base import Answer
from channels.forms import Refused, checked_files, submission_of_form
from channels.forms.files import ACCEPT, MOST_FILES
from gateway.casework.counter import (
    CHANNEL,
    began_it,
    case_of_visit,
    context_of,
    is_of_today,
    record_clerk,
    registered_today,
)
from gateway.console.counter_form import Written, given_by
from gateway.console.kit import Kit, Page, Room, back, language_of
from gateway.console.moments import heard_in_words
from gateway.console.receipt import receipt_of
from gateway.staff.actor import Right, actor_of
from gateway.staff.masking import Mask, Masked, Plain
from gateway.staff.problems import Problem
from gateway.staff.scope import sees
from normalizer.number import parse_number
from normalizer.record import Submission
from store.values import Case, Moment

VISIT = re.compile(r"[0-9a-f]{32}")
SPOKEN_WITHIN = 30.0  # seconds: the visitor waits at the desk
DIALOGUE = frozenset({"heard", "said"})


class Hear(Protocol):
    """Handles one item; ``gateway.intake.inbox.GatewayInbox.submit``."""

    async def __call__(self, submission: Submission, *, speak_by: float | None = None) -> Answer: ...


class CounterRoom(Room):
    def __init__(self, kit: Kit, submit: Hear) -> None:
        super().__init__(kit)
        self._submit = submit

    def pages(self) -> Sequence[Page]:
        right = Right.REGISTER
        return (
            Page(method="GET", path="/counter", right=right, handler=self.desk),
            Page(method="POST", path="/counter", right=right, handler=self.write_down),
            Page(method="GET", path="/counter/visit/{visit}", right=right, handler=self.visit),
            Page(method="GET", path="/counter/{number}/receipt", right=right, handler=self.receipt),
        )

    async def desk(self, request: web.Request) -> web.Response:
        return await self._asked(request, Written(visit=uuid4().hex))

    async def write_down(self, request: web.Request) -> web.Response:
        """What the visitor says, as one item of their talk; then the talk so far, and what is still missing."""
        try:
            written = await given_by(request)
        except Problem as refusal:
            return self.kit.refuse(request, refusal.status, "invalid")
        if not VISIT.fullmatch(written.visit) or not await self._is_theirs(request, written.visit):
            return self.kit.refuse(request, 404, "not_found")
        if not written.says_something:
            return await self._asked(request, written, "nothing_said")
        try:
            files = checked_files(written.files)
        except Refused as refusal:
            return await self._asked(request, written, f"file_{refusal.why}")
        submission = submission_of_form(
            CHANNEL,
            written.visit,
            written.values,
            written.text,
            files,
            token=written.token,
            at=self.house.clock.now(),
        )
        submission = replace(submission, context=await context_of(self.house, actor_of(request)))
        await self._submit(submission, speak_by=asyncio.get_running_loop().time() + SPOKEN_WITHIN)
        await record_clerk(self.house, written.visit, written.recording, actor_of(request))
        raise back(f"/counter/visit/{written.visit}")

    async def visit(self, request: web.Request) -> web.Response:
        """The talk of today: plain for the clerk who heard it, masked for colleagues; later it is the ticket's."""
        visit, actor = request.match_info["visit"], actor_of(request)
        if not VISIT.fullmatch(visit):
            return self.kit.refuse(request, 404, "not_found")
        async with self.house.store.reading() as unit:
            case = await case_of_visit(unit, visit)
            if case is None or not sees(actor, case):
                return self.kit.refuse(request, 404, "not_found")
            mask: Mask = Plain() if await began_it(unit, case, actor) else Masked.of(case)
            talk = await unit.timeline.of(case.id)
        if not is_of_today(case, self.house.clock.now()):
            raise back(f"/complaints/{case.number}")
        return self._talk(request, Written(visit=visit), case, [_shown(moment, mask) for moment in talk])

    async def receipt(self, request: web.Request) -> web.Response:
        number = parse_number(request.match_info["number"])
        async with self.house.store.reading() as unit:
            case = await unit.complaints.by_number(number) if number else None
        if case is None or case.channel != CHANNEL or not sees(actor_of(request), case):
            return self.kit.refuse(request, 404, "no_such_complaint")
        facts = receipt_of(language_of(request), case, self.house.settings)
        return self.kit.render(request, "counter/receipt.html", receipt=facts, case=case)

    def _talk(self, request: web.Request, written: Written, case: Case, talk: Sequence[Moment]) -> web.Response:
        said = [moment for moment in talk if moment.kind in DIALOGUE]
        return self.kit.render(
            request,
            "counter/visit.html",
            written=written,
            case=case,
            talk=said,
            heard_in_words=heard_in_words,
            missing=case.record.missing if case.accepted_at is None else (),
            accept=ACCEPT,
            most=MOST_FILES,
            wrong="",
        )

    async def _asked(self, request: web.Request, written: Written, wrong: str = "") -> web.Response:
        """The form, as it was filled where something is wrong with it; and who came today."""
        async with self.house.store.reading() as unit:
            today = await registered_today(unit, actor_of(request), self.house.clock.now())
        return self.kit.render(
            request,
            "counter/desk.html",
            status=422 if wrong and "HX-Request" not in request.headers else 200,  # htmx shows no page of an error
            written=written,
            today=today,
            accept=ACCEPT,
            most=MOST_FILES,
            wrong=wrong,
        )

    async def _is_theirs(self, request: web.Request, visit: str) -> bool:
        """A visit that has begun goes on only where its complaint is seen, and on its day."""
        async with self.house.store.reading() as unit:
            case = await case_of_visit(unit, visit)
        return case is None or (sees(actor_of(request), case) and is_of_today(case, self.house.clock.now()))


def _shown(moment: Moment, mask: Mask) -> Moment:
    return replace(moment, text=mask.text(moment.text))
