"""The app's form: a complaint, or what was missing of one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aiohttp import web

from channels.forms import NAMES
from gateway.customers.app_door import AppDoor, attached, lacking
from gateway.customers.app_shapes import ComplaintSent, ComplaintTaken
from gateway.customers.taking import Filled, Taken
from gateway.customers.visits import sealed_visit, visit_begun_by, visit_in
from gateway.staff.actor import Right
from gateway.staff.answering import answer
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_query
from gateway.staff.shapes import Nothing


class Complaining:
    """What the page /complain does."""

    def __init__(self, door: AppDoor) -> None:
        self._door = door
        self._house = door.house
        self._taking = door.desk.taking

    def operations(self) -> Sequence[Operation]:
        return [
            Operation(
                method="POST",
                path="/complaints",
                name="complain",
                right=Right.ENTER,
                summary="Make a complaint, or add what was missing",
                handler=self.complain,
                body=ComplaintSent,
                answer=ComplaintTaken,
                refusals=(409, 429, 503),
                needs_token=False,
            )
        ]

    async def complain(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        sent = await self._door.sent(request, ComplaintSent)
        visit, files = self._visit(sent), attached(sent.files)
        await self._door.count(request, visit)
        taken = await self._taking.take(
            Filled(
                visit=visit,
                token=sent.token,
                values={name: value for name in NAMES if (value := getattr(sent, name))},
                text=sent.matter,
                files=files,
                language=sent.language,
            )
        )
        return answer(_told(taken, sealed_visit(self._house, visit)))

    def _visit(self, sent: ComplaintSent) -> str:
        """The visit that is gone on with, or the one that this sending begins, by saying what happened."""
        if not (sent.matter.strip() or sent.visit):
            raise lacking("matter", "tell what happened")
        visit = visit_in(self._house, sent.visit) if sent.visit else visit_begun_by(self._house, _digest(sent))
        if not visit:
            raise Problem(409, "visit_over")
        return visit


def _digest(sent: ComplaintSent) -> str:
    """Of the whole sending with its token: nobody who guesses the token alone comes to another's visit."""
    told = hashlib.sha256(sent.model_dump_json(exclude={"files"}).encode())
    for file in sent.files:
        told.update(hashlib.sha256(file.content).digest())
    return told.hexdigest()


def _told(taken: Taken, visit: str) -> ComplaintTaken:
    return ComplaintTaken(
        number=taken.number,
        accepted=taken.accepted,
        missing=list(taken.missing),
        doubtful=list(taken.doubtful),
        danger=taken.danger,
        due_at=taken.due_at,
        text=taken.text,
        visit=visit,
    )
