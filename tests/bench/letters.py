"""Paper: seconds a page of a scan, against the bare recogniser on the same picture; memory; what a reply takes."""

from __future__ import annotations

import asyncio
import io
import os
import statistics
import time
from collections.abc import Awaitable
from datetime import date
from importlib import import_module
from typing import Any

from PIL import Image

from channels.letter.printing.press import Press
from channels.letter.printing.values import Letterhead, ReplyLetter
from channels.letter.reader import PaperReader
from channels.letter.reading.sight.engine import settings
from channels.letter.simulator import NoFonts, effects_of, scanned, write_letter, written
from tests.bench.memory import children_of, resident_mb
from tests.eval.letter_texts import letter

PAGES, REPLIES, THREADS = 6, 20, 2
EFFECTS = "mild"
HEAD = Letterhead(org="青湖保险", address="江苏省苏州市人民路1号，215000", phone="95500", signatory="消费者权益保护部")


def run() -> None:
    """Page by page in turn, so that a noisy neighbour hits both; the median of the ratios is the figure."""
    try:
        scans = [_scan(seed) for seed in range(1 + PAGES)]
    except NoFonts as error:
        print(f"Letters: left out. {error}")
        return
    asyncio.run(_reading(scans))
    asyncio.run(_replies())


def _scan(seed: int) -> bytes:
    """The first page of an invented letter as PNG, which the bare recogniser can take too."""
    invented = letter(seed)
    page = write_letter(invented.text, invented.layout)[:1]
    return written(scanned(page, effects_of(EFFECTS), seed), "scan.png")


async def _reading(scans: list[bytes]) -> None:
    reader, bare = PaperReader(threads=THREADS), _recogniser()
    pairs = [(await _seconds(_alone(bare, scan)), await _seconds(reader.read(scan))) for scan in scans]
    memory = sum(resident_mb(child) for child in children_of(os.getpid()))
    await reader.aclose()
    _report(pairs[1:], memory)  # the first page warms up


def _recogniser() -> Any:
    """The library as it is, with the same models, threads and sizes: it finds and recognises, and does no more."""
    rapidocr: Any = import_module("rapidocr")
    return rapidocr.RapidOCR(params=dict(settings(THREADS)))


async def _alone(bare: Any, scan: bytes) -> None:
    await asyncio.to_thread(bare, Image.open(io.BytesIO(scan)))


async def _seconds(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


def _report(pairs: list[tuple[float, float]], memory: float) -> None:
    ratios = [ours / bare for bare, ours in pairs]
    print(f"Letters, {PAGES} pages A4 at 200 dpi ({EFFECTS}), {THREADS} threads")
    print(f"  bare recogniser           {statistics.median(bare for bare, _ in pairs):8.2f} s/page")
    print(f"  read, turned, judged      {statistics.median(ours for _, ours in pairs):8.2f} s/page")
    print(
        f"  ratio                     {statistics.median(ratios):8.2f}   ({', '.join(f'{one:.2f}' for one in ratios)})"
    )
    print(f"  reading process           {memory:8.0f} MB")


async def _replies() -> None:
    press = Press(HEAD)
    first = await _seconds(press.print(_reply(0)))
    times = [await _seconds(press.print(_reply(n))) for n in range(1, REPLIES)]
    await press.aclose()
    print(
        f"  reply printed             {statistics.median(times) * 1000:8.0f} ms     (the first: {first * 1000:.0f} ms)"
    )


def _reply(n: int) -> ReplyLetter:
    return ReplyLetter(
        id=f"bench-{n}",
        number="TS261121000019",
        kind="status",
        name="陈建国",
        address=f"江苏省苏州市姑苏区青禾路{n + 1}号，215000",
        paragraphs=("您的来信我们已经收到，现将办理情况函告如下。" * 3,) * 5,
        written_on=date(2026, 11, 22),
    )
