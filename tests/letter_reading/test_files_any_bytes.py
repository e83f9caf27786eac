"""Whatever the bytes are, a file gives sheets of bounded size or one error that has a name."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.base import Paper
from channels.letter.reading.files.bundle import bundle
from channels.letter.reading.files.causes import CAUSES, Unopened
from channels.letter.reading.files.cutting import cut
from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.file_limits import FileLimits
from tests.letter_reading.files_papers import LINES, page, pdf, photograph, saved, scan_in_pdf, tiff, typeset, written

LIMITS = FileLimits(bytes=2_000_000, pages=20, pixels=4_000_000, dpi=50)
MAGIC = (
    b"",
    b"%PDF-1.7\n",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04",
)
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def good() -> dict[str, bytes]:
    """One small file of each kind."""
    small = page(300, 400, text="hello")
    picture = saved(small, "JPEG")
    return {
        "typeset": typeset(pages=2),
        "by hand": pdf([written(LINES)] * 2),
        "scan": scan_in_pdf(small),
        "fax": tiff([small.convert("1")] * 3, compression="group4"),
        "tiff": tiff([small, small.convert("RGB")], compression="tiff_lzw"),
        "jpeg": picture,
        "png": saved(small, "PNG"),
        "heic": photograph(300, 400, form="HEIF"),
        "bundle": bundle([Paper(name="a.jpg", content=picture), Paper(name="b.pdf", content=pdf([written(LINES)]))]),
    }


def check(content: bytes) -> None:
    assert outcome(content).partition(":")[0] in {"", *CAUSES}


def outcome(content: bytes) -> str:
    """Why it cannot be opened; empty when it can."""
    try:
        look(content)
    except Unopened as refused:
        return refused.cause
    return ""


def look(content: bytes) -> None:
    with open_file(content, LIMITS) as opened:
        assert 1 <= opened.pages <= LIMITS.pages
        for number, sheet in enumerate(opened.sheets(), start=1):
            assert sheet.number == number
            assert 0 < sheet.picture.shape[0] * sheet.picture.shape[1] <= LIMITS.pixels
            assert sheet.dpi > 0
    cut(content, [1], LIMITS)


@patient
@given(st.sampled_from([*MAGIC, HEIC]), st.binary(max_size=400))
def test_any_bytes(start: bytes, rest: bytes) -> None:
    check(start + rest)


@pytest.mark.parametrize("name", list(good()))
@patient
@given(kept=st.floats(0, 1))
def test_any_good_file_broken_off(name: str, kept: float) -> None:
    content = good()[name]
    check(content[: int(kept * len(content))])


@pytest.mark.parametrize("name", list(good()))
@patient
@given(hits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=12))
def test_any_good_file_damaged_here_and_there(name: str, hits: list[tuple[float, bytes]]) -> None:
    content = bytearray(good()[name])
    for where, junk in hits:
        at = int(where * (len(content) - len(junk)))
        content[at : at + len(junk)] = junk
    check(bytes(content))


@pytest.mark.parametrize("name", list(good()))
@patient
@given(at=st.integers(0, 500), value=st.integers(0, 255))
def test_any_good_file_with_one_byte_of_its_head_changed(name: str, at: int, value: int) -> None:
    content = bytearray(good()[name])
    content[at % len(content)] = value
    check(bytes(content))


@patient
@given(first=st.sampled_from(sorted(good())), second=st.sampled_from(sorted(good())), share=st.floats(0, 1))
def test_the_head_of_one_file_on_the_tail_of_another(first: str, second: str, share: float) -> None:
    head, tail = good()[first], good()[second]
    check(head[: int(share * len(head))] + tail[int(share * len(tail)) :])
