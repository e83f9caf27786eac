"""Tables as files in pieces: CSV after RFC 4180 that no spreadsheet runs."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import IO

BOM = "\ufeff"  # without it, Excel reads UTF-8 as the code page of the machine
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet take text for a formula (CWE-1236)
CHUNK = 256 * 1024

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


async def file_chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, CHUNK):
        yield chunk
