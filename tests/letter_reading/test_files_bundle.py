"""Several files that are one letter travel as one item, and nobody else's ZIP is taken for it."""

from __future__ import annotations

import inspect
import io
import re
import sys
import zipfile
from contextlib import suppress
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Paper
from channels.letter.reading.files import bundle as bundling
from channels.letter.reading.files import causes, file_limits
from channels.letter.reading.files.bundle import bundle, is_bundle, safe_name, unbundle
from channels.letter.reading.files.causes import Unopened
from channels.letter.reading.files.file_limits import FileLimits

PAPERS = (
    Paper(name="第一页.jpg", content=b"one"),
    Paper(name="b.pdf", content=b""),
    Paper(name="b.pdf", content=b"three"),
)

papers = st.lists(st.builds(Paper, name=st.text(max_size=40), content=st.binary(max_size=200)), min_size=1, max_size=8)


def cause(content: bytes, limits: FileLimits | None = None) -> str:
    with pytest.raises(Unopened) as refused:
        unbundle(content, limits or FileLimits())
    return refused.value.cause


def forged(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("tousu-letter-bundle", b"1\n")
        for name, content in entries:
            archive.writestr(name, content, compress_type=compression)
    return out.getvalue()


def test_papers_come_back_in_their_order_even_when_two_share_a_name() -> None:
    assert unbundle(bundle(PAPERS)) == PAPERS


def test_the_same_papers_give_the_same_bytes() -> None:
    assert bundle(PAPERS) == bundle(PAPERS)
    assert is_bundle(bundle(PAPERS))


@given(papers)
def test_any_papers_come_back_whole_under_safe_names(given_papers: list[Paper]) -> None:
    back = unbundle(bundle(given_papers))
    assert [paper.content for paper in back] == [paper.content for paper in given_papers]
    assert [paper.name for paper in back] == [safe_name(paper.name) for paper in given_papers]
    assert bundle(back) == bundle(given_papers)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scan\\letter 1.PDF", "letter_1.PDF"),
        ("a\0b\u202egpj.exe", "abgpj.exe"),
        ("..", "paper"),
        ("", "paper"),
        (".hidden", "hidden"),
        ("投诉信.pdf", "投诉信.pdf"),
        ("\udcff.tif", "tif"),
        ("x" * 300 + ".jpeg", "x" * 80 + ".jpeg"),
    ],
)
def test_a_name_becomes_one_plain_part_of_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


def test_no_papers_and_too_many_are_no_letter() -> None:
    with pytest.raises(Unopened, match="empty"):
        bundle([])
    with pytest.raises(Unopened, match="too_many_papers"):
        bundle(PAPERS[:1] * 51)
    assert cause(bundle(PAPERS), FileLimits(papers=2)) == "too_many_papers"


def test_a_foreign_zip_is_not_ours() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("letter.pdf", b"x")
    assert not is_bundle(out.getvalue())
    assert cause(out.getvalue()) == "wrong_type:zip"
    assert cause(b"") == "wrong_type:zip"


def test_a_swollen_entry_is_refused_before_it_is_unpacked() -> None:
    bomb = forged(("001-a.jpg", b"\0" * 50_000_000), compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert cause(bomb) == "corrupt"


def test_a_bundle_without_papers_is_damaged() -> None:
    assert cause(forged()) == "corrupt"


def test_a_bundle_without_its_end_is_cut_short() -> None:
    assert cause(bundle(PAPERS)[:-5]) == "cut_short"


@given(st.integers(0, 2000), st.binary(max_size=20))
def test_a_damaged_bundle_gives_papers_or_a_cause(at: int, junk: bytes) -> None:
    whole = bundle(PAPERS)
    spoilt = whole[: at % len(whole)] + junk + whole[at % len(whole) + len(junk) :]
    with suppress(Unopened):
        assert sum(len(paper.content) for paper in unbundle(spoilt)) <= len(spoilt)


@pytest.mark.parametrize("module", [bundling, causes, file_limits])
def test_bundling_needs_no_decoder(module: ModuleType) -> None:
    """The gateway itself bundles; pictures are decoded in processes that may die."""
    needed = re.findall(r"^(?:import|from) (\S+)", inspect.getsource(module), re.MULTILINE)
    ours = {"channels.base", "channels.letter.reading.files.causes", "channels.letter.reading.files.file_limits"}
    assert all(name in ours or name.partition(".")[0] in sys.stdlib_module_names for name in needed)
