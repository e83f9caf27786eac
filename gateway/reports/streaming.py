"""Files that are sent while they are made: a large register or case file never lies in memory whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

import structlog
from aiohttp import ClientConnectionError, web

from gateway.house import House
from gateway.reports.asked import Export, batches, note
from gateway.reports.casefile.bundle import packed
from gateway.reports.casefile.pieces import Contents
from gateway.reports.casefile.taking import file_name
from gateway.reports.periods import today
from gateway.reports.sheets import csv_chunks, file_chunks
from gateway.reports.workbook import xlsx_file
from gateway.staff.answering import ALWAYS

log = structlog.get_logger(__name__)

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
        if not await _is_taken(response, chunk):
            log.info("export_left", media_type=media_type)
            return response
    await response.write_eof()
    return response


async def _is_taken(response: web.StreamResponse, chunk: bytes) -> bool:
    """Whether whoever asked is still there: going away is their right and no failure of ours."""
    try:
        await response.write(chunk)
    except (ClientConnectionError, ConnectionResetError):
        return False
    return True
