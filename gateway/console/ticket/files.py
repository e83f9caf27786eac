"""Files that came with a complaint, and the items themselves as they arrived: for whoever gave a reason, audited."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.console.kit import back
from gateway.console.ticket.grant import Grants
from gateway.house import House
from gateway.staff.answering import download
from gateway.staff.looking import case_of, looking, number_of
from gateway.staff.paging import TASK_ID
from gateway.staff.problems import Problem
from gateway.staff.ranges import in_part
from store.errors import Damaged
from store.unit import Unit
from store.values import Case, File, FileState, LedgerId

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
PDF = "application/pdf"
ALWAYS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
INERT = "default-src 'none'; frame-ancestors 'self'; sandbox"
# A browser's own viewer of PDFs does not start in a sandbox; a PDF has no origin of ours to act in.
VIEWED = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def looks(media_type: str) -> str:
    """How a page shows a file: picture, pdf, audio, or nothing but a link."""
    kind = media_type.lower()
    if kind in PICTURES:
        return "picture"
    if kind == PDF:
        return "pdf"
    return "audio" if kind.startswith("audio/") else ""


@dataclass(frozen=True, slots=True)
class Bytes:
    house: House

    async def file(self, request: web.Request) -> web.StreamResponse:
        """One file, shown where a browser can and kept where it cannot."""
        number = number_of(request)
        grant = Grants(self.house).of(request, number)
        if grant is None:
            return back(f"/complaints/{number}", "reveal_first")
        async with looking(self.house, request, grant.reason) as look:
            file = await _file(look.unit, await case_of(look.unit, request), request.match_info["file"])
            await look.note(number, f"attachment {file.id}")
        content = await self._bytes(file.sha256)
        return in_part(request, _shown(content, file), content, file.sha256)

    async def item(self, request: web.Request) -> web.StreamResponse:
        """What arrived, byte for byte."""
        number = number_of(request)
        grant = Grants(self.house).of(request, number)
        if grant is None:
            return back(f"/complaints/{number}", "reveal_first")
        item = LedgerId(int(request.match_info["item"]))
        async with looking(self.house, request, grant.reason) as look:
            case = await case_of(look.unit, request)
            await _check_item(look.unit, case, item)
            raw, _ = await look.unit.ledger.raw(item)
            await look.note(number, f"item {item}")
        return download(raw, name=f"{number}-{item}.bin", media_type="application/octet-stream")

    async def _bytes(self, sha256: str) -> bytes:
        try:
            return await self.house.store.blobs.get(sha256)
        except Damaged:
            raise Problem(500, "damaged") from None


async def _file(unit: Unit, case: Case, id: str) -> File:
    file = await unit.files.get(id) if TASK_ID.fullmatch(id) else None
    if file is None or file.complaint_id != case.id:
        raise Problem(404, "no_such_attachment")
    if file.state is not FileState.STORED:
        raise Problem(410, "lost")
    return file


async def _check_item(unit: Unit, case: Case, item: LedgerId) -> None:
    entry = await unit.ledger.get(item)
    if entry is None or entry.complaint_id != case.id:
        raise Problem(404, "no_such_item")


def _shown(content: bytes, file: File) -> web.Response:
    response = download(content, name=file.name, media_type=file.media_type)
    shown = looks(file.media_type)
    if shown:
        disposition = response.headers["Content-Disposition"]
        response.headers["Content-Disposition"] = disposition.replace("attachment;", "inline;", 1)
    response.headers.update({**ALWAYS, "Content-Security-Policy": VIEWED if shown == "pdf" else INERT})
    return response
