"""Single files: whether they look finished, and how they are moved without hitting another."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from channels.letter.moving import move_into, write_beside
from channels.letter.whole import NotAFile, is_whole, open_plain


def picture(form: str, pages: int = 1) -> bytes:
    written, sheet = io.BytesIO(), Image.new("RGB", (300, 200), "white")
    more = {"save_all": True, "append_images": [sheet] * (pages - 1)} if pages > 1 else {}
    sheet.save(written, form, **more)
    return written.getvalue()


def document() -> bytes:
    written, paper = io.BytesIO(), pypdfium2.PdfDocument.new()
    paper.new_page(595, 842)
    paper.save(written)
    return written.getvalue()


SCANS = {
    "pdf": document(),
    "jpg": picture("JPEG"),
    "png": picture("PNG"),
    "tif": picture("TIFF", pages=3),
    "one.tif": picture("TIFF"),
}


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_is_whole_and_without_its_end_it_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / "whole").write_bytes(SCANS[name])
    (tmp_path / "cut").write_bytes(SCANS[name][: len(SCANS[name]) - 40])
    (tmp_path / "half").write_bytes(SCANS[name][: len(SCANS[name]) // 2])
    assert [is_whole(tmp_path / each) for each in ("whole", "cut", "half")] == [True, False, False]


def test_an_unknown_kind_is_whole_and_an_empty_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"hello")
    (tmp_path / "empty.pdf").touch()
    assert is_whole(tmp_path / "note.txt")
    assert not is_whole(tmp_path / "empty.pdf")


@given(
    st.binary(max_size=300)
    | st.builds(
        bytes.__add__, st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"%PDF-", b"\xff\xd8\xff"]), st.binary()
    )
)
def test_whatever_bytes_there_are_they_are_whole_or_not(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan"
        path.write_bytes(content)
        assert is_whole(path) in (True, False)


def test_links_pipes_and_folders_are_never_opened(tmp_path: Path) -> None:
    (tmp_path / "scan").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "scan")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "."):
        with pytest.raises(OSError):  # noqa: PT011
            open_plain(tmp_path / name)
    with pytest.raises(NotAFile):
        open_plain(tmp_path / "pipe")


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / "scan.pdf").write_bytes(str(n).encode())
        move_into(tmp_path / "scan.pdf", tmp_path / "done")
        (tmp_path / "letter").mkdir()
        move_into(tmp_path / "letter", tmp_path / "done")
    found = {path.name: path.is_dir() or path.read_bytes() for path in (tmp_path / "done").iterdir()}
    letters = {"letter": True, "letter (2)": True, "letter (3)": True}
    assert found == {"scan.pdf": b"0", "scan (2).pdf": b"1", "scan (3).pdf": b"2"} | letters


def test_who_comes_second_finds_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        move_into(tmp_path / "gone.pdf", tmp_path / "done")
    assert not list(tmp_path.rglob("*.pdf"))


def test_across_devices_it_is_copied_whole_and_then_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.rename

    def other_device(source: Any, target: Any) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "another device")
        real(source, target)

    monkeypatch.setattr(os, "rename", other_device)
    (tmp_path / "letter").mkdir()
    (tmp_path / "letter" / "1.pdf").write_bytes(b"page")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "scan.pdf").write_bytes(b"scan")
    for name in ("letter", "link", "scan.pdf"):
        move_into(tmp_path / name, tmp_path / "done")
    assert (tmp_path / "done" / "letter" / "1.pdf").read_bytes() == b"page"
    assert os.readlink(tmp_path / "done" / "link") == "nowhere"
    assert (tmp_path / "done" / "scan.pdf").read_bytes() == b"scan"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["done"]
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["letter", "link", "scan.pdf"]


def test_a_disk_that_fails_leaves_the_scan_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"scan")

    def broken(source: Any, target: Any) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(os, "rename", broken)
    with pytest.raises(OSError, match="broken disk"):
        move_into(tmp_path / "scan.pdf", tmp_path / "done")
    assert (tmp_path / "scan.pdf").read_bytes() == b"scan"
    assert list((tmp_path / "done").iterdir()) == []


def test_a_note_is_never_written_over_another(tmp_path: Path) -> None:
    place = tmp_path / "scan.pdf"
    assert write_beside(place, ".why.txt", "一").name == "scan.pdf.why.txt"
    assert write_beside(place, ".why.txt", "二").name == "scan.pdf.why (2).txt"
    assert (tmp_path / "scan.pdf.why.txt").read_text("utf-8") == "一"
