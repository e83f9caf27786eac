"""``read-mail FILE…``: what the e-mail channel makes of each file, one JSON object a line."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from channels.email.build import own_from
from channels.email.reading.mail import Mail
from channels.email.reading.report import Known, Seen, describe
from channels.email.reading.submission import to_submission
from channels.email.worker import ReadingPool
from channels.errors import Unreadable
from normalizer.jsonlines import to_json
from normalizer.normalize import normalize


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu read-mail", description="Reads mails (raw, RFC 5322) from files.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--address", default="tousu@insurer.example", help="our own address")
    parser.add_argument("--authserv-id", default="", help="name our own MX signs Authentication-Results with")
    parser.add_argument("--cases", type=Path, help="JSON of open cases: {number: {address, ack_message_id}}")
    given = parser.parse_args(argv)
    known: Known | None = json.loads(given.cases.read_text("utf-8")) if given.cases else None
    return asyncio.run(_read_all(given.files, given.address, given.authserv_id, known))


async def _read_all(files: Sequence[Path], address: str, authserv_id: str, known: Known | None) -> int:
    """Exit code 1 when a file could not be read; the others are not held up by it."""
    pool, seen, failed = ReadingPool(own_from(address, authserv_id)), Seen(), False
    try:
        for file in files:
            try:
                mail = await pool.read(file.read_bytes())
            except (OSError, Unreadable) as error:
                print(f"{file}: {error}", file=sys.stderr)
                failed = True
                continue
            print(json.dumps(_described(file, mail, known, seen), ensure_ascii=False))
    finally:
        await pool.aclose()
    return 1 if failed else 0


def _described(file: Path, mail: Mail, known: Known | None, seen: Seen) -> dict[str, object]:
    complaint = normalize(to_submission(mail, str(file), b""))
    return describe(file.name, mail, complaint, known, to_json=to_json, seen=seen)
