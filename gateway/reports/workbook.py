"""A table as XLSX, whose cells are nothing but text: it is written to disk, but never under a name."""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import IO
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from gateway.reports.sheets import Rows

SHEET, PLACE_OF_ROWS = "xl/worksheets/sheet1.xml", b"<sheetData/>"
CELL_UNITS = 32_767  # UTF-16 code units of a cell, by the format
LOOKS_ESCAPED = re.compile(r"(_x[0-9a-fA-F]{4}_)")
NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@asynccontextmanager
async def xlsx_file(name: str, head: Sequence[str], batches: Rows) -> AsyncIterator[IO[bytes]]:
    """The whole file, from its beginning, on disk because its table of contents stands at its end.

    It has no name, only its owner may read it, and it is gone when it is closed, however the request ends.
    """
    with tempfile.TemporaryFile() as file:
        await _write(file, name, head, batches)
        await asyncio.to_thread(file.seek, 0)
        yield file


async def _write(file: IO[bytes], name: str, head: Sequence[str], batches: Rows) -> None:
    """xlsxwriter makes the empty book in memory; the rows go into it here, for it keeps them in files with names."""
    book = await asyncio.to_thread(_empty, name)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        before, after = book.pop(SHEET).split(PLACE_OF_ROWS)
        for path, content in book.items():
            archive.writestr(path, content)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(before + b"<sheetData>")
            await _add(sheet, head, batches)
            sheet.write(b"</sheetData>" + after)


def _empty(name: str) -> dict[str, bytes]:
    """Path → content of a book with one sheet, whose head and first column stand still."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet(name).freeze_panes(1, 1)
    with zipfile.ZipFile(made) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


async def _add(sheet: IO[bytes], head: Sequence[str], batches: Rows) -> None:
    sheet.write(_rows(0, [head]))
    place = 1
    async for batch in batches:
        await asyncio.to_thread(lambda rows, at: sheet.write(_rows(at, rows)), batch, place)
        place += len(batch)


def _rows(place: int, rows: Sequence[Sequence[str]]) -> bytes:
    return "".join(_row(place + after, row) for after, row in enumerate(rows)).encode()


def _row(place: int, row: Sequence[str]) -> str:
    return f'<row r="{place + 1}">{"".join(_cells(place, row))}</row>'


def _cells(place: int, row: Sequence[str]) -> Iterator[str]:
    for column, cell in enumerate(row):
        at = xl_rowcol_to_cell(place, column)
        yield f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'


def _text(cell: str) -> str:
    """What a cell holds, escaped as XML and, where XML has no word for it, as the format does: _x000D_."""
    whole = cell.encode("utf-16-le", "surrogatepass")[: 2 * CELL_UNITS].decode("utf-16-le", "ignore")
    escaped = LOOKS_ESCAPED.sub(r"_x005F\1", whole)
    return escape(NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped))
