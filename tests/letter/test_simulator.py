"""The far side of the post: what it draws looks like paper, and the folders see it come and go."""

from __future__ import annotations

import io
import itertools
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from channels.letter.printing.render import Renderer
from channels.letter.printing.values import Ask, Letterhead, ReplyLetter
from channels.letter.simulator import (
    PRESETS,
    Layout,
    NoFonts,
    Page,
    PostOffice,
    blank,
    chat_print,
    effects_of,
    envelope,
    fingerprinted,
    id_card_copy,
    invoice,
    policy_page,
    scanned,
    sealed,
    separator_sheet,
    signed,
    somebody,
    styles,
    write_letter,
    written,
)
from channels.letter.simulator import fonts as typefaces
from channels.letter.simulator.codes import read_qr
from channels.letter.simulator.invented import CHECKS, WEIGHTS
from channels.letter.simulator.parts import Part, parts_of
from channels.letter.simulator.print_of import pictures
from channels.letter.simulator.scanner import punch_holes
from channels.letter.simulator.typeset import BREAKS, CLOSING, OPENING, wrapped

needs_fonts = pytest.mark.skipif(not styles(), reason="fonts-noto-cjk is not installed")
LETTER = """关于车险理赔迟延的投诉信

尊敬的青湖财产保险股份有限公司：

本人陈建国，身份证号码320508197403150019，联系电话13912345678，系贵公司车险客户，保单号PDAA202641010000100005。
期间先后拨打客服热线七次，每次都说“正在审核”，没有任何书面答复。
此致
敬礼！

投诉人：陈建国
二〇二六年十一月二十日
"""
SMALL = Layout(dpi=60)
SLIP = "TOUSU:SLIP:TS261121000019:ABCD2345"
HEAD = Letterhead(org="青湖保险", address="江苏省苏州市人民路1号，215000", phone="95500", signatory="消费者权益保护部")
REPLY = ReplyLetter(
    id="out-1",
    number="TS261121000019",
    kind="answer",
    name="陈建国",
    address="江苏省苏州市姑苏区青禾路128号，215000",
    paragraphs=("您的来信我们已经收到。",),
    written_on=date(2026, 11, 22),
    asks=(Ask(name="policy_number", text="您的保单号是多少？"), Ask(name="claim_number", text="报案号是多少？")),
    slip=SLIP,
)


@pytest.fixture(scope="module")
def letter() -> tuple[Page, ...]:
    return write_letter(LETTER)


@pytest.fixture
def office(tmp_path: Path) -> PostOffice:
    return PostOffice(tmp_path / "in", tmp_path / "out")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return Renderer(HEAD).render(REPLY).pdf


@pytest.fixture
def printed(office: PostOffice, pdf: bytes) -> PostOffice:
    """An office where one reply lies printed."""
    (office.outgoing / "out-1.pdf").write_bytes(pdf)
    (office.outgoing / "out-1.json").write_text(json.dumps(manifest(pdf)))
    return office


def manifest(pdf: bytes, **changes: Any) -> Mapping[str, Any]:
    told = {"id": "out-1", "number": REPLY.number, "kind": REPLY.kind, "pages": 2, "sha256": sha256(pdf).hexdigest()}
    return {**told, "created_at": datetime(2026, 11, 22, 9, tzinfo=UTC).isoformat(), "slip": True, **changes}


def ink(picture: Image.Image) -> float:
    """Share of the page that is dark."""
    return float((np.asarray(picture.convert("L")) < 128).mean())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


# A person writes


def test_every_line_of_a_letter_has_its_place() -> None:
    parts = [part for part, _ in parts_of(LETTER) if part is not Part.GAP]
    closing, end = [Part.CLOSING] * 2, [Part.SIGNATURE, Part.DATE]
    assert parts == [Part.TITLE, Part.SALUTATION, Part.PARAGRAPH, Part.PARAGRAPH, *closing, *end]


@needs_fonts
def test_the_letter_says_what_was_written(letter: tuple[Page, ...]) -> None:
    assert squeezed("".join(page.text for page in letter)) == squeezed(LETTER)


@needs_fonts
@pytest.mark.parametrize(("breaks", "broken"), [("anywhere", True), ("words", False)])
def test_a_pen_breaks_a_number_where_the_line_ends_and_a_word_processor_does_not(breaks: str, broken: bool) -> None:
    (page,) = write_letter("本人的保单号是PDAA202641010000100005，请查。" * 3, Layout(dpi=60, breaks=breaks))
    assert bool(re.search(r"\d\n\d", page.text)) == broken


@needs_fonts
def test_lines_lie_on_the_page_below_each_other_and_hold_ink(letter: tuple[Page, ...]) -> None:
    (page,) = letter
    boxes = [line.box for line in page.lines]
    assert all(above[1] < below[1] for above, below in itertools.pairwise(boxes))
    assert all(ink(page.picture.crop(box)) > 0.01 for box in boxes)
    assert boxes[0][0] > boxes[1][0]  # the title is centred
    assert boxes[-1][2] > page.picture.width / 2  # the date stands on the right


@needs_fonts
def test_a_long_letter_takes_numbered_pages() -> None:
    pages = write_letter("投诉信\n" + "理赔拖了两个月还没有结果，请尽快赔付。" * 90, Layout(numbered=True, ruled=True))
    assert [page.lines[-1].text for page in pages] == [f"第 {n} 页" for n in range(1, len(pages) + 1)]
    assert len(pages) > 1


@needs_fonts
@pytest.mark.parametrize("text", ["", "\n\n", "\r\n投诉\r\n\u2028退保\x0b要求\x00", "a" * 300, "\t《" * 40, "䶮𬭎喆"])
def test_any_text_can_be_put_on_paper(text: str) -> None:
    pages = write_letter(text)
    assert squeezed("".join(page.text for page in pages)) == squeezed("".join(c for c in text if c.isprintable()))


@given(text=st.text(alphabet="投诉保单，。：“”《》（）0123456789PDAA-. ", max_size=80), room=st.integers(4, 30))
@settings(max_examples=60, deadline=None)
def test_breaking_lines_loses_nothing_and_begins_none_with_a_comma(text: str, room: int) -> None:
    for breaks in BREAKS:
        lines = wrapped(text, room - 2, room, len, breaks)
        assert squeezed("".join(lines)) == squeezed(text)
        assert all(len(line) <= room for line in lines)
        odd = rf"[{re.escape(OPENING + CLOSING)} ]{{3,}}| [{re.escape(CLOSING)}]"  # a space sets it apart on purpose
        if not re.search(odd, text) and text.lstrip()[:1] not in CLOSING:
            assert not any(line[0] in CLOSING for line in lines if line)


@needs_fonts
def test_a_hand_is_unsteady_and_the_same_for_the_same_seed() -> None:
    shaky_hand = Layout(dpi=60, unsteady=0.06)
    steady, shaky = write_letter(LETTER, SMALL), write_letter(LETTER, shaky_hand)
    assert shaky[0].text == steady[0].text
    assert shaky[0].picture.tobytes() != steady[0].picture.tobytes()
    assert shaky[0].picture.tobytes() == write_letter(LETTER, shaky_hand)[0].picture.tobytes()


def test_without_chinese_typefaces_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "_file", lambda style: None)
    monkeypatch.setattr(typefaces, "_any", lambda: None)
    with pytest.raises(NoFonts, match="fonts-noto-cjk"):
        typefaces.face.__wrapped__("serif", 20)


def test_invented_people_have_numbers_as_real_ones_do() -> None:
    for seed in range(50):
        person = somebody(seed)
        total = sum(int(digit) * weight for digit, weight in zip(person.id_number, WEIGHTS, strict=False))
        assert person.id_number[-1] == CHECKS[total % 11]
        assert person.id_number[6:14] == f"{person.born:%Y%m%d}"
        assert re.fullmatch(r"1[3-9]\d{9}", person.phone)
    assert somebody(7) == somebody(7)


# What lies beside the words


@needs_fonts
@pytest.mark.parametrize("mark", [signed, fingerprinted, lambda page: sealed(page, "苏州青禾商贸有限公司")])
def test_a_mark_is_left_near_the_signature_and_covers_no_word(mark: Any, letter: tuple[Page, ...]) -> None:
    before, after = letter[0].picture, mark(letter[0]).picture
    changed = np.argwhere(np.asarray(before.convert("L")) != np.asarray(after.convert("L")))
    _, top, _, bottom = letter[0].lines[-2].box
    assert abs(changed.mean(axis=0)[0] - (top + bottom) / 2) < 60
    assert (np.asarray(after) <= np.asarray(before)).all()


@needs_fonts
def test_enclosures_say_what_they_are() -> None:
    person = somebody(4)
    assert {"居民身份证", person.id_number} <= {line.text for line in id_card_copy(person).lines}
    assert "增值税电子普通发票" in invoice(person).text
    assert "保险单号：PDAA1" in policy_page("PDAA1", person).text
    assert f"{person.address}  {person.name}" in envelope(person).text
    assert "保本保息" in chat_print().text


@needs_fonts
def test_the_back_of_a_page_shines_through_an_empty_one(letter: tuple[Page, ...]) -> None:
    assert ink(blank().picture) == ink(blank(letter[0]).picture) == 0
    assert np.asarray(blank(letter[0]).picture).min() < 250


# A scanner sees


@needs_fonts
@pytest.mark.parametrize("name", PRESETS)
def test_every_kind_of_scan_is_the_same_for_the_same_seed(name: str) -> None:
    small = write_letter(LETTER, SMALL)
    once, again, other = (scanned(small, effects_of(name), seed)[0].picture for seed in (5, 5, 6))
    assert once.tobytes() == again.tobytes()
    assert (once.tobytes() == other.tobytes()) == (name == "clean")


@needs_fonts
def test_a_turned_page_lies_on_its_side() -> None:
    letter = write_letter(LETTER, SMALL)
    (turned,) = scanned(letter, effects_of("turned_90"))
    assert turned.picture.size == letter[0].picture.size[::-1]
    upright = turned.picture.rotate(90, expand=True)  # Pillow turns against the clock
    assert np.abs(np.asarray(upright, dtype=int) - np.asarray(letter[0].picture, dtype=int)).mean() < 10


@needs_fonts
def test_a_fax_is_black_and_white_in_dots_that_are_not_square(letter: tuple[Page, ...]) -> None:
    fine, coarse = (scanned(letter, effects_of(name))[0] for name in ("fax", "coarse_fax"))
    assert fine.picture.mode == coarse.picture.mode == "1"
    assert (fine.dpi, coarse.dpi) == ((204, 196), (204, 98))
    assert abs(fine.picture.height - 2 * coarse.picture.height) <= 1


@needs_fonts
def test_holes_are_where_papers_are_punched(letter: tuple[Page, ...]) -> None:
    (page,) = scanned(letter, (punch_holes,))
    middle, offset = page.picture.height / 2, 40 * 200 / 25.4
    assert all(page.picture.getpixel((94, round(middle + way * offset))) == (70, 70, 72) for way in (-1, 1))


@needs_fonts
@pytest.mark.parametrize(("name", "form"), [("a.tif", "TIFF"), ("a.JPG", "JPEG"), ("a.png", "PNG")])
def test_files_are_what_their_names_say_and_know_their_resolution(
    name: str, form: str, letter: tuple[Page, ...]
) -> None:
    image = Image.open(io.BytesIO(written(letter, name)))
    assert (image.format, image.size) == (form, letter[0].picture.size)
    assert round(image.info["dpi"][0]) == 200


@needs_fonts
def test_fax_and_colour_share_a_file(tmp_path: Path) -> None:
    letter = write_letter(LETTER, SMALL)
    pages = (*letter, *scanned(letter, effects_of("fax")), *scanned(letter, effects_of("photo")))
    tiff, pdf = Image.open(io.BytesIO(written(pages, "x.tiff"))), tmp_path / "x.pdf"
    tiff.seek(1)
    assert (getattr(tiff, "n_frames", 0), tiff.info["compression"], tiff.mode) == (3, "group4", "1")
    pdf.write_bytes(written(pages, "x.pdf"))
    assert all(abs(page.width - 827) < 3 for page in pictures(pdf, 100))  # A4, the photograph too
    assert written(pages, "x.pdf") == pdf.read_bytes()


@needs_fonts
def test_a_telephone_keeps_heic() -> None:
    pytest.importorskip("pillow_heif")
    assert written(write_letter(LETTER, SMALL), "IMG_0001.HEIC")[4:12] == b"ftypheic"


@needs_fonts
def test_a_form_that_no_scanner_writes_is_refused(letter: tuple[Page, ...]) -> None:
    with pytest.raises(ValueError, match="docx"):
        written(letter, "brief.docx")
    with pytest.raises(ValueError, match="one page"):
        written(letter * 2, "a.png")
    with pytest.raises(ValueError, match="there are clean"):
        effects_of("burnt")


# The post comes and goes


@needs_fonts
def test_a_posted_letter_appears_whole_and_signed(office: PostOffice) -> None:
    first = office.post("欧阳雪", "投诉信\n理赔太慢。", effects="mild", layout=SMALL)
    second = office.post("欧阳雪", "投诉信\n理赔太慢。", name="photo.jpg", effects="photo", layout=SMALL)
    assert sorted(path.name for path in office.incoming.iterdir()) == sorted([first.name, second.name])
    assert first.read_bytes().startswith(b"%PDF")
    assert second.read_bytes().startswith(b"\xff\xd8")


@needs_fonts
def test_a_scanner_writes_over_no_scan_that_still_lies_there(office: PostOffice) -> None:
    there = office.drop(b"%PDF-1.7", name="SCN_0001.pdf")
    assert office.drop(write_letter("投诉")).name == "SCN_0002.pdf"
    assert there.read_bytes() == b"%PDF-1.7"


@needs_fonts
def test_a_slow_file_is_whole_only_at_its_end(office: PostOffice, letter: tuple[Page, ...]) -> None:
    sizes = []
    for path in office.drop_slowly(letter, name="slow.tif", steps=3):
        sizes.append(path.stat().st_size)
    assert 0 < sizes[0] < sizes[1] < sizes[2]
    assert path.read_bytes() == written(letter, "slow.tif")


@needs_fonts
def test_a_printed_letter_is_read_without_its_address(printed: PostOffice) -> None:
    (letter,) = printed.letters_out()
    assert (letter.number, letter.pages, letter.slip, letter.intact) == (REPLY.number, 2, True, True)
    assert "青禾路128号" in squeezed(printed.address_of(letter))
    assert "您的来信我们已经收到" in printed.text_of(letter)
    assert "青禾路" not in printed.text_of(letter)
    assert printed.slip_code_of(letter) == SLIP


@needs_fonts
def test_a_letter_without_its_manifest_is_not_there_yet(office: PostOffice, pdf: bytes) -> None:
    (office.outgoing / "out-1.pdf").write_bytes(pdf)
    (office.outgoing / "out-2.json").write_text(json.dumps(manifest(pdf, id="out-2")))
    assert office.letters_out() == []


@needs_fonts
def test_a_damaged_letter_shows(printed: PostOffice) -> None:
    (letter,) = printed.letters_out()
    letter.path.write_bytes(letter.path.read_bytes() + b"\n")
    assert not letter.intact


@needs_fonts
def test_the_slip_comes_back_with_answers_on_its_lines_and_its_code_still_readable(printed: PostOffice) -> None:
    (letter,) = printed.letters_out()
    (empty,) = printed.answer_slip(letter, "")
    (slip,) = printed.answer_slip(letter, "PDAA202641010000100005\nRDAA2026410100007712")
    assert ink(slip.picture) > ink(empty.picture) > 0
    assert ink(slip.picture.crop((0, 0, 1654, 900))) == ink(empty.picture.crop((0, 0, 1654, 900)))
    scan = printed.post("陈建国", "", slip=(slip,), effects="fax", name="back.tif")
    assert SLIP in read_qr(Image.open(io.BytesIO(scan.read_bytes())))


@needs_fonts
def test_answers_that_are_too_many_or_too_long_still_go_on_the_slip(printed: PostOffice) -> None:
    (letter,) = printed.letters_out()
    assert printed.answer_slip(letter, "\n".join("请尽快赔付并书面说明原因。" * 20 for _ in range(30)))


@needs_fonts
def test_a_letter_without_a_slip_cannot_be_answered_on_one(printed: PostOffice, letter: tuple[Page, ...]) -> None:
    whole = written(letter, "out-3.pdf")
    (printed.outgoing / "out-3.pdf").write_bytes(whole)
    (printed.outgoing / "out-3.json").write_text(json.dumps(manifest(whole, id="out-3", slip=False)))
    plain = printed.letters_out()[-1]
    assert printed.slip_code_of(plain) == ""
    with pytest.raises(ValueError, match="no return slip"):
        printed.answer_slip(plain, "不知道")


@needs_fonts
@pytest.mark.parametrize("effects", ["medium", "fax", "photo"])
def test_the_separator_is_known_by_its_code_after_any_scanner(effects: str) -> None:
    (sheet,) = scanned([separator_sheet()], effects_of(effects))
    assert read_qr(sheet.picture) == ("TOUSU:SEPARATOR",)
