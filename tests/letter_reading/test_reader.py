"""A file goes into a process of its own and comes back as letters; whatever happens to that process, we go on."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from channels.errors import Unreadable
from channels.letter.reader import PaperReader, Reading
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.meaning.text import READ
from channels.letter.simulator.enclosures import blank, id_card_copy, invoice
from channels.letter.simulator.files import pdf, tiff
from channels.letter.simulator.fonts import NoFonts
from channels.letter.simulator.invented import somebody
from channels.letter.simulator.presets import PRESETS
from channels.letter.simulator.scanner import scanned
from channels.letter.simulator.sheets import separator_sheet
from channels.letter.simulator.writing import Layout, write_letter
from normalizer.record import PageKind

PATIENCE = 300.0  # seconds a page: other work may hold the machine up
WRITER, HOLDER = somebody(5), somebody(9)
FIRST = f"""尊敬的领导：
我是{WRITER.name}，身份证号{WRITER.id_number}，我要投诉贵公司拒绝赔付，保险合同和发票附后。
"""
SECOND = """你们公司：
我要求全额退保，请把五万元退给我。
"""
pytestmark = pytest.mark.xdist_group("reader-of-letters")  # one reading serves five tests
LARGE = Layout(size_pt=16)  # few lines: what is tried here is the way of a file, not the reading of a line


@pytest.fixture(scope="module")
def file() -> bytes:
    """Two letters parted by our sheet: one turned and with a card, one with an invoice and an empty back."""
    try:
        first = scanned(write_letter(FIRST, LARGE), PRESETS["turned_90"])
        pages = [*first, id_card_copy(HOLDER), separator_sheet(), *write_letter(SECOND, LARGE), invoice(), blank()]
    except NoFonts as missing:
        pytest.skip(str(missing))
    return pdf(pages)


@pytest.fixture(scope="module")
def reading(file: bytes) -> Reading:
    return asyncio.run(read_once(file))


async def read_once(content: bytes) -> Reading:
    reader = PaperReader(seconds=PATIENCE)
    try:
        return await reader.read(content)
    finally:
        await reader.aclose()


@pytest.fixture
def empty_page() -> bytes:
    return png(np.full((600, 400), 255, np.uint8))


def png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_two_letters_in_one_file_are_two_with_their_own_pages(reading: Reading) -> None:
    assert (reading.form, reading.pages) == ("pdf", 6)
    kinds = [[(page.number, page.kind) for page in letter.pages] for letter in reading.letters]
    assert kinds == [
        [(1, PageKind.LETTER), (2, PageKind.ID_CARD)],
        [(4, PageKind.LETTER), (5, PageKind.INVOICE), (6, PageKind.BLANK)],
    ]


def test_each_letter_says_what_its_writer_wrote(reading: Reading) -> None:
    first, second = (letter.text for letter in reading.letters)
    assert f"我是{WRITER.name}，身份证号{WRITER.id_number}，我要投诉" in first
    assert HOLDER.id_number not in first
    assert second == SECOND.strip()


def test_every_line_is_traced_to_its_place_in_the_text(reading: Reading) -> None:
    for letter in reading.letters:
        for page in letter.pages:
            for line in page.lines:
                assert (line.start >= 0) == (page.kind in READ)
                assert line.start < 0 or letter.text[line.start :].startswith(line.text)


def test_the_pictures_are_upright_small_and_measured_by_their_boxes(reading: Reading) -> None:
    for page in (page for letter in reading.letters for page in letter.pages):
        picture = Image.open(io.BytesIO(page.image))
        assert picture.size == (page.width, page.height)
        assert len(page.image) <= 400_000
        assert all(0 <= n.box[0] < n.box[2] <= page.width + 8 and n.box[3] <= page.height + 8 for n in page.lines)
    assert reading.letters[0].pages[0].rotation == 270


def test_who_read_how_and_which_codes_lay_there_is_kept(reading: Reading) -> None:
    first, second = (letter.scan for letter in reading.letters)
    assert "PP-OCR" in first.engine
    assert first.settings
    assert first.codes == ()
    assert second.codes[0].startswith("01,10,032002600111")
    assert len(first.likeness) == len(second.likeness) == 64
    assert first.pages == reading.letters[0].pages


async def test_a_letter_is_cut_out_of_its_file_without_its_neighbours(file: bytes) -> None:
    reader = PaperReader(seconds=PATIENCE)
    try:
        part = await reader.cut(file, [3, 6])
        reading = await reader.read(part)
    finally:
        await reader.aclose()
    assert (reading.pages, reading.letters) == (2, ())


async def test_a_fax_is_read() -> None:
    try:
        pages = scanned(write_letter(SECOND, LARGE), PRESETS["fax"])
    except NoFonts as missing:
        pytest.skip(str(missing))
    (letter,) = (await read_once(tiff(pages))).letters
    assert letter.text == SECOND.strip()
    assert "faxed" in letter.pages[0].warnings


@pytest.mark.parametrize(
    ("content", "cause"),
    [(b"", "empty"), (b"%PDF-1.7 nothing", ""), (b"PK\x03\x04word/document.xml", ""), (b"MZ\x90\x00", "wrong_type")],
)
async def test_what_is_no_letter_is_told_in_plain_words_and_costs_no_process(content: bytes, cause: str) -> None:
    reader = PaperReader(seconds=PATIENCE)
    try:
        with pytest.raises(Unreadable, match=rf"^{cause}.*: .*。$"):
            await reader.cut(content, [1])
        before = reader.pids
        with pytest.raises(Unreadable):
            await reader.cut(content, [1])
        assert reader.pids == before
    finally:
        await reader.aclose()


async def test_a_process_that_dies_costs_one_reading_and_not_the_next(empty_page: bytes) -> None:
    reader = PaperReader(seconds=PATIENCE)
    try:
        await reader.warm()
        for pid in reader.pids:
            os.kill(pid, signal.SIGSTOP)
        reading = asyncio.create_task(reader.read(empty_page))
        await asyncio.sleep(0)
        for pid in reader.pids:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(Unreadable, match=r"^crash: "):
            await reading
        assert (await reader.read(empty_page)).letters == ()
    finally:
        await reader.aclose()


async def test_a_page_that_takes_for_ever_is_given_up(empty_page: bytes) -> None:
    reader = PaperReader(seconds=0.5)
    try:
        await reader.warm()
        for pid in reader.pids:
            os.kill(pid, signal.SIGSTOP)
        with pytest.raises(Unreadable, match=r"^time: "):
            await reader.read(empty_page)
        assert not reader.pids
    finally:
        await reader.aclose()


async def test_a_process_is_replaced_after_so_many_pages(empty_page: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.letter.reader.PAGES", 1)
    reader = PaperReader(seconds=PATIENCE)
    try:
        await reader.read(empty_page)
        before = reader.pids
        await reader.read(empty_page)
        assert len(reader.pids) == 1
        assert reader.pids != before
    finally:
        await reader.aclose()


async def test_the_limits_hold_in_the_process_too(empty_page: bytes) -> None:
    reader = PaperReader(seconds=PATIENCE, limits=FileLimits(pixels=1000))
    try:
        with pytest.raises(Unreadable, match=r"^bomb: "):
            await reader.read(empty_page)
    finally:
        await reader.aclose()


@pytest.fixture
def imported() -> str:
    named = "channels.letter.reader, normalizer.alike, channels.letter.reading.files.bundle"
    code = f"import sys, {named}; print(*sys.modules)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_gateway_itself_loads_no_model_and_no_picture_library(imported: str) -> None:
    heavy = {"numpy", "cv2", "rapidocr", "onnxruntime", "pypdfium2", "zxingcpp", "PIL"}
    assert not heavy.intersection(name.partition(".")[0] for name in imported.split())
