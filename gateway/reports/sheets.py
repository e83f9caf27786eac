"""Tables as files: CSV after RFC 4180 that no spreadsheet runs, and XLSX whose cells are nothing but text."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

import xlsxwriter

BOM = "\ufeff"  # without it, Excel reads UTF-8 as the code page of the machine
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take text for a formula (CWE-1236)
CELL_CHARS = 32_767  # of a cell, by the format
CHUNK = 256 * 1024
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Rows = AsyncIterator[Sequence[Sequence[str]]]


async def csv_chunks(head: Sequence[str], batches: Rows) -> AsyncIterator[bytes]:
    """The file in pieces as they are made."""
    yield (BOM + csv_text([head])).encode()
    async for batch in batches:
        yield csv_text(batch).encode()


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return written.getvalue()


def harmless(cell: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{cell}" if cell.startswith(RUNS) else cell


@asynccontextmanager
async def xlsx_file(name: str, head: Sequence[str], batches: Rows) -> AsyncIterator[IO[bytes]]:
    """The whole file, on disk and gone afterwards: its table of contents stands at its end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        await _write(path, name, head, batches)
        with await asyncio.to_thread(path.open, "rb") as file:
            yield file


async def _write(path: Path, name: str, head: Sequence[str], batches: Rows) -> None:
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    try:
        place = _add(sheet, 0, [head])
        async for batch in batches:
            place = await asyncio.to_thread(_add, sheet, place, batch)
    finally:
        await asyncio.to_thread(book.close)


def _add(sheet: Any, place: int, rows: Sequence[Sequence[str]]) -> int:
    """Rows from this place on; where the next one goes."""
    for row in rows:
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell[:CELL_CHARS])
        place += 1
    return place


async def file_chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, CHUNK):
        yield chunk
