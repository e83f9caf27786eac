"""Scans: what lies beside them, what they are called, whether they are whole, and what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from hypothesis import strategies as st

from channels.base import HandIn, Paper
from channels.errors import Unreadable
from channels.forms.files import LONGEST_NAME, clean_name
from channels.letter.items import Source, item_of, papers_of
from channels.letter.media import media_type
from channels.letter.naming import MOST_BYTES, MOST_SHOWN, is_hidden, is_plain, natural, numbered, shown
from channels.letter.reading.files.bundle import safe_name
from channels.letter.reading.files.causes import CAUSES
from channels.letter.sidecar import Broken, parse_sidecar
from channels.letter.tiff import SIGNS, is_whole_tiff
from channels.processes.pool import ProcessFailed, ProcessPool
from tests.clock import SetClock
from tests.fuzz.target import Bounds, Run, Target, plainly
from tests.fuzz.targets.asking import loop

CLOCK = SetClock()
TODAY = date(2026, 11, 23)


def sidecar(data: bytes) -> None:
    try:
        found = parse_sidecar(data, TODAY)
    except Broken as error:
        assert len(str(error)) < 300  # noqa: PT017
    else:
        assert all(is_plain(name) for name in found.files)
        assert found.tracking_number.isascii()


SIDECARS = [
    json.dumps(told, ensure_ascii=False).encode()
    for told in (
        {"received_on": "2026-11-20", "postmark": "2026-11-18", "tracking_number": "EM 1", "envelope": "信封.jpg"},
        {"files": ["1.tif", "2.tif"], "tracking_number": 12345},
    )
]
jsons: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["２０２６-１１-２３", "../x"]),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)
sidecars = st.dictionaries(
    st.sampled_from(["received_on", "postmark", "tracking_number", "envelope", "files", "x"]), jsons, max_size=6
).map(lambda told: json.dumps(told).encode())


def names(data: bytes) -> None:
    """A name as a disk gives it, and as a browser does."""
    on_disk, sent = data.decode("utf-8", "surrogateescape"), data.decode("utf-8", "replace")
    for name in (on_disk, sent):
        assert len(shown(name)) <= MOST_SHOWN
        shown(name).encode()
        sorted([natural(name), natural("page2"), natural(name + "9")])
        is_hidden(name)
        assert not is_plain(name) or "/" not in name
    assert len(numbered(on_disk, 12).encode("utf-8", "surrogateescape")) <= max(MOST_BYTES, 30)
    assert len(clean_name(sent)) <= LONGEST_NAME + 1
    assert "/" not in safe_name(sent)
    assert safe_name(sent) not in ("", ".", "..")


def tiff(data: bytes) -> None:
    is_whole_tiff(BytesIO(data), len(data))


def hand_in(data: bytes) -> None:
    """Kept byte for byte: alone, and as one of two."""
    mark = media_type(data)
    assert "/" in mark
    alone, name = Paper(name="a/扫描.pdf", content=data), data[:40].decode("utf-8", "replace")
    (again,), _ = papers_of(item_of(HandIn(papers=(alone,)), Source.UPLOAD, CLOCK.now()))
    assert again.content == data
    both = HandIn(papers=(alone, Paper(name=name, content=data[::-1])))
    try:
        found, _ = papers_of(item_of(both, Source.UPLOAD, CLOCK.now()))
    except Unreadable as error:
        assert len(str(error)) < 300  # noqa: PT017
    else:
        assert [paper.content for paper in found] == [data, data[::-1]]


@cache
def files() -> list[bytes]:
    from tests.letter_reading.test_files_any_bytes import good

    return list(good().values())


def small_tiff() -> list[bytes]:
    return [file for file in files() if file[:4] in SIGNS] + [sign + b"\x08\0\0\0\1\0" + b"\0" * 20 for sign in SIGNS]


@contextmanager
def opened() -> Iterator[Run]:
    """In a process as the gateway has, within its limits: nothing may come of it but sheets or a cause by its name."""
    with loop() as on:
        pool = ProcessPool(
            "tests.fuzz.opening", {}, seconds=20.0, memory_mb=2_000, recycle_after=500, start_seconds=60.0
        )
        yield lambda data: on.run_until_complete(_open(pool, data))
        on.run_until_complete(pool.aclose())


async def _open(pool: ProcessPool, data: bytes) -> None:
    try:
        fields, content = await pool.ask({"pages": [1]}, data)
    except ProcessFailed as error:
        raise AssertionError(f"the process could not: {error.cause}") from None
    assert fields["cause"].partition(":")[0] in {"", *CAUSES}, fields
    assert len(content) <= 4 * len(data) + 100_000


WORDS = [
    *SIGNS,
    b"%PDF-1.7\n",
    b"%%EOF",
    b"endobj\n",
    b"/Kids [1 0 R]",
    b"/Count 99999",
    b"/MediaBox [0 0 99999 99999]",
    b"/Filter [/FlateDecode /FlateDecode]",
    b"xref\n0 99999\n",
    b"\xff\xd8\xff\xe0",
    b"\xff\xc0\0\x11\x08\xff\xff\xff\xff",
    b"\xff\xd9",
    b"\x89PNG\r\n\x1a\n",
    b"IHDR\0\0\xff\xff\0\0\xff\xff",
    b"\0\0\0\x18ftypheic",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x11\x01\x04\0\1\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x08\0\0\0",
]

TARGETS = (
    Target(
        name="paper-sidecar",
        open=plainly(sidecar),
        seeds=lambda: SIDECARS,
        shapes=sidecars,
        words=[b'"files":', b'"received_on":"', b"[" * 90, b"9" * 5000, b"NaN", b"\xef\xbb\xbf", "２".encode()],
    ),
    Target(
        name="paper-names",
        open=plainly(names),
        seeds=lambda: [b"page10.tif", "扫描件 (2).pdf".encode(), b"..\\..\\x.exe", b".hidden~", b"a" * 300 + b".jpeg"],
        shapes=st.text(max_size=300).map(lambda name: name.encode("utf-8", "replace")) | st.binary(max_size=300),
        words=[b"/", b"\\", b".", b"..", b" (2)", b".tmp", "\u202e".encode(), "٣".encode(), "²".encode()],
    ),
    Target(name="paper-tiff", open=plainly(tiff), seeds=small_tiff, shapes=st.binary(max_size=200), words=WORDS),
    Target(
        name="paper-kept", open=plainly(hand_in), seeds=files, shapes=st.binary(min_size=1, max_size=300), words=WORDS
    ),
    Target(
        name="paper-file",
        open=opened,
        seeds=files,
        shapes=st.builds(lambda head, rest: head + rest, st.sampled_from(WORDS), st.binary(max_size=300)),
        words=WORDS,
        bounds=Bounds(seconds=60.0),
    ),
)
