"""Files that are sent while they are made: a large register or case file never lies in memory whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from gateway.house import House
from gateway.reports.asked import Export, batches, note
from gateway.reports.casefile.bundle import packed
from gateway.reports.casefile.pieces import Contents
from gateway.reports.casefile.taking import file_name
from gateway.reports.periods import today
from gateway.reports.sheets import csv_chunks, file_chunks, xlsx_file
from gateway.staff.answering import ALWAYS

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


async def send_register(house: House, request: web.Request, export: Export) -> web.StreamResponse:
    """The register as it was asked for; in the audit trail first."""
    await note(house, export)
    name, head = f"register-{today(house.clock.now()):%Y%m%d}.{export.form}", list(export.columns)
    if export.form == "csv":
        return await _send(request, csv_chunks(head, batches(house, export)), name, CSV)
    async with xlsx_file("register", head, batches(house, export)) as file:
        return await _send(request, file_chunks(file), name, XLSX)


async def send_case_file(house: House, request: web.Request, contents: Contents) -> web.StreamResponse:
    async with packed(contents, house.store.keyring) as file:
        return await _send(request, file_chunks(file), file_name(contents), ZIP)


async def _send(request: web.Request, chunks: AsyncIterator[bytes], name: str, media_type: str) -> web.StreamResponse:
    headers = {**ALWAYS, "Content-Type": media_type, "Content-Disposition": f'attachment; filename="{name}"'}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    async for chunk in chunks:
        await response.write(chunk)
    await response.write_eof()
    return response
