"""``normalize``: JSON lines {id, channel, sender, received_on, text} in, records out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from normalizer.jsonlines import from_line, to_json
from normalizer.normalize import normalize


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu normalize", description="Reads JSON lines, writes JSON lines.")
    parser.add_argument("file", nargs="?", type=Path, help="file to read; standard input when left out")
    given = parser.parse_args(argv)
    lines = given.file.open(encoding="utf-8") if given.file else sys.stdin
    failed = False
    for place, line in enumerate(lines, 1):
        if line.strip():
            failed |= not _one(place, line)
    return 1 if failed else 0


def _one(place: int, line: str) -> bool:
    """A line that cannot be read is named and skipped; the others are not held up by it."""
    try:
        data = json.loads(line)
        submission = from_line(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"line {place}: {error}", file=sys.stderr)
        return False
    print(json.dumps({"id": data.get("id"), **to_json(normalize(submission))}, ensure_ascii=False))
    return True
