"""Attachments of a complaint: what there is, and the bytes themselves for whoever gives a reason."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.house import House
from gateway.staff.actor import Right
from gateway.staff.answering import answer, download
from gateway.staff.looking import case_of, looking
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID
from gateway.staff.problems import Problem
from gateway.staff.ranges import in_part
from gateway.staff.reading import read_query
from gateway.staff.shapes import Attachments as Shown
from gateway.staff.shapes import MustUnmask, Unmask
from gateway.staff.ticket import attachment
from store.errors import Damaged
from store.unit import Unit
from store.values import Case, File, FileState


@dataclass(frozen=True, slots=True)
class Attachments:
    """The part of the API that is about files."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            case = await case_of(look.unit, request)
            mask = await look.at(case, "attachments")
            files = await look.unit.files.of_complaint(case.id)
        return answer(Shown(items=[attachment(case.number, file, mask) for file in files]))

    async def content(self, request: web.Request) -> web.Response:
        asked = read_query(request, MustUnmask)
        async with looking(self.house, request, asked.unmask) as look:
            case = await case_of(look.unit, request)
            file = await _file_of(look.unit, case, request.match_info["file"])
            await look.note(case.number, f"attachment {file.id}")
        content = await self._bytes(file)
        whole = download(content, name=file.name, media_type=file.media_type)
        return in_part(request, whole, content, file.sha256)

    async def _bytes(self, file: File) -> bytes:
        try:
            return await self.house.store.blobs.get(file.sha256)
        except Damaged:
            raise Problem(500, "damaged") from None

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints/{number}/attachments",
                name="listAttachments",
                right=Right.SEE,
                summary="Files that came with a complaint",
                handler=self.list,
                query=Unmask,
                answer=Shown,
            ),
            Operation(
                method="GET",
                path="/complaints/{number}/attachments/{file}",
                name="getAttachment",
                right=Right.UNMASK,
                summary="The bytes of one file, or the part of them that Range says; needs a reason",
                handler=self.content,
                query=MustUnmask,
                refusals=(409, 410),
                in_parts=True,
            ),
        )


async def _file_of(unit: Unit, case: Case, id: str) -> File:
    """A file of this very case whose bytes are here."""
    file = await unit.files.get(id) if TASK_ID.fullmatch(id) else None
    if file is None or file.complaint_id != case.id:
        raise Problem(404, "no_such_attachment")
    if file.state is FileState.WAITING:
        raise Problem(409, "not_here_yet")
    if file.state is FileState.LOST:
        raise Problem(410, "lost")
    return file
