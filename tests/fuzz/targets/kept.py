"""What lies on our own disks, after damage or somebody's hand: the spool, items of our own, backups."""

from __future__ import annotations

import io
import itertools
import json
from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st

from channels.base import Item
from channels.errors import Unreadable
from gateway.hearing.item import read_words
from gateway.intake.paper.item import Check, read_look
from gateway.operations.backup.archive import KEYS, Writer, verify
from gateway.operations.backup.errors import BackupError
from gateway.operations.backup.make import read_manifest
from gateway.spool.frames import DROPPED, HEAD_BYTES, MARK, RECORD, frame, scan
from tests.fuzz.target import Bounds, Target, plainly

AT = datetime(2026, 11, 23, tzinfo=UTC)
LAST_BODY = b"la" + MARK + b"st\0"
FIRST, LAST = frame(RECORD, 1, b"first"), frame(RECORD, 9, LAST_BODY)


def spool(data: bytes) -> None:
    """Whole frames are found before, behind and within whatever else is there, and nothing else is."""
    content = FIRST + data + LAST
    told = scan(content)
    bodies = [(each.number, content[each.start : each.end]) for each in told.frames]
    assert bodies[0] == (1, b"first")
    assert bodies[-1] == (9, LAST_BODY)
    assert told.end == len(content)
    places = [(each.start - HEAD_BYTES, each.end) for each in told.frames]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places)), "frames overlap"
    for each in told.frames:
        again = frame(each.what, each.number, content[each.start : each.end])
        assert content[each.start - HEAD_BYTES : each.end] == again
    scan(data)


frames = st.lists(
    st.builds(frame, st.sampled_from([RECORD, DROPPED, 0, 255]), st.integers(0, 2**64 - 1), st.binary(max_size=30))
    | st.binary(max_size=40),
    max_size=6,
).map(b"".join)


def own(data: bytes) -> None:
    for read in (read_words, read_look):
        try:
            assert read(Item(channel="email", key="words:1", received_at=AT, raw=data)).raw == data
        except Unreadable as error:
            assert len(str(error)) < 200  # noqa: PT017


OWN = [
    json.dumps({"file": "f", "text": "话", "method": "staff", "kind": "phone", "value": "1", "call": ""}).encode(),
    Check(number="TS1", scan=1, fields={"phone": "1"}, text="", by="w", at=AT.isoformat()).model_dump_json().encode(),
]


@cache
def archive() -> list[bytes]:
    file = io.BytesIO()
    writer = Writer(file)
    writer.add_bytes("tables/people/000001.jsonl", b"[1]\n[2]")
    writer.add_bytes(KEYS, b'{"kdf":"scrypt"}')
    inner = json.dumps({"digest": writer.digest(), "members": writer.members})
    writer.end(json.dumps({"manifest": inner, "mac": "00"}).encode())
    return [file.getvalue()]


def backup(data: bytes) -> None:
    try:
        verified = verify(io.BytesIO(data))
    except BackupError as error:
        assert len(str(error)) < 1_000  # noqa: PT017
        return
    try:
        read_manifest(verified.manifest)
    except (ValueError, KeyError, TypeError):
        return  # as ``restore.check`` says


TARGETS = (
    Target(
        name="spool-frames",
        open=plainly(spool),
        seeds=lambda: [b"", FIRST, LAST[:-1], frame(DROPPED, 1), MARK * 3],
        shapes=frames,
        words=[MARK, FIRST[:HEAD_BYTES], LAST, b"\xff\xff\xff\xff"],
    ),
    Target(
        name="own-items",
        open=plainly(own),
        seeds=lambda: OWN,
        shapes=st.binary(max_size=100),
        words=[b"1e999", b"null", b"[" * 300, b"\\ud800", b'"scan":', b'"kind":"nobody"', b'"x":1,'],
    ),
    Target(
        name="backup-file",
        open=plainly(backup),
        seeds=archive,
        shapes=st.binary(max_size=600),
        words=[
            b"ustar\x0000",
            b"ustar  \0",
            b"\0" * 512,
            b"././@LongLink",
            b"./PaxHeader",
            b"30 path=x\n",
            b"hashes/000001.txt",
        ],
        bounds=Bounds(largest=40_000),
    ),
)
