"""``read-letter FILE…``: what the letter channel makes of each scan, one JSON object a line for every letter in it."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from channels.base import HandIn, Item, Paper
from channels.errors import Unreadable
from channels.letter.held import by_itself
from channels.letter.items import Source, check_amount, content_of, item_of
from channels.letter.limits import Limits
from channels.letter.naming import is_hidden, natural
from channels.letter.ports import Reader, ReadLetter
from channels.letter.reader import PaperReader
from channels.letter.submission import is_empty, submission_of, thread_of
from gateway.clock import SystemClock
from gateway.operations.logs import configure_logs
from gateway.own_rules import insurers_day, own_rules
from normalizer import rulebook
from normalizer.jsonlines import to_json
from normalizer.normalize import normalize
from normalizer.record import ScanLine, ScanPage, Submission
from normalizer.seen.doubts import doubtful

Told = dict[str, Any]
BLANK = "blank: 所有页面均为空白 / every page is blank"


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 a file could not be read; the others are not held up by it."""
    parser = argparse.ArgumentParser(
        prog="tousu read-letter",
        description="Reads scans of letters: PDF, TIFF, JPEG, PNG, HEIC; a folder is one letter.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--threads", type=int, default=2, help="threads of the reading process")
    given = parser.parse_args(argv)
    configure_logs("error")  # what went wrong stands in the lines themselves
    now = SystemClock().now()
    rulebook.use(own_rules(), insurers_day(now))
    return asyncio.run(_with_reader(given.files, given.threads, now))


async def read_all(files: Sequence[Path], reader: Reader, now: datetime) -> int:
    """Print what each file says; the exit code."""
    failed = False
    for file in files:
        try:
            told = await _read(file, reader, now)
        except (OSError, Unreadable) as error:
            told, failed = [{"file": file.name, "error": str(error)}], True
        for one in told:
            print(json.dumps(one, ensure_ascii=False))
    return 1 if failed else 0


async def _with_reader(files: Sequence[Path], threads: int, now: datetime) -> int:
    reader = PaperReader(threads=threads)
    try:
        return await read_all(files, reader, now)
    finally:
        await reader.aclose()


async def _read(file: Path, reader: Reader, now: datetime) -> list[Told]:
    given = HandIn(papers=tuple(_papers(file)))
    check_amount(given, Limits())
    item = item_of(given, Source.FOLDER, now)
    reading = await reader.read(content_of(given.papers))
    letters = [letter for letter in reading.letters if not is_empty(letter)]
    if not letters:
        raise Unreadable(BLANK)
    if len(letters) == 1:
        return [_described(file, item, letters[0])]
    return [_described(file, item, letter) | {"letter": n} for n, letter in enumerate(letters, 1)]


def _papers(file: Path) -> Iterator[Paper]:
    if not file.is_dir():
        yield Paper(name=file.name, content=file.read_bytes())
        return
    for name in sorted((each.name for each in file.iterdir() if not is_hidden(each.name)), key=natural):
        yield Paper(name=name, content=(file / name).read_bytes())


def _described(file: Path, item: Item, letter: ReadLetter) -> Told:
    """Whether a slip's check is right only the gateway that printed it knows; here it counts as it says."""
    submission = submission_of(item, by_itself(letter), thread_of(letter.slip, None))
    record = normalize(submission)
    return {
        "file": file.name,
        "pages": [_page(page) for page in letter.pages],
        "text": submission.text,
        "codes": list(letter.scan.codes),
        "fields": to_json(record),
        "doubtful": sorted(doubtful(record, submission)),
        "warnings": _warnings(submission, letter),
    }


def _page(page: ScanPage) -> Told:
    lines = [_line(line) for line in page.lines]
    return {"number": page.number, "kind": str(page.kind), "rotation": page.rotation, "lines": lines}


def _line(line: ScanLine) -> Told:
    return {"text": line.text, "box": list(line.box), "score": round(line.score, 4)}


def _warnings(submission: Submission, letter: ReadLetter) -> list[str]:
    of_pages = (warning for page in letter.pages for warning in page.warnings)
    own = (warning for warning in submission.warnings if warning != "slip_check_wrong")
    return list(dict.fromkeys((*own, *of_pages)))
