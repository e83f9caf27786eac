"""What ink tells without words: an empty page, what shines through, a photograph, a seal, a name written by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from channels.letter.reading.meaning.ink import ink_of
from channels.letter.reading.meaning.marks import marks_of
from channels.letter.reading.values import Picture, Seen, Upright

RED, BLUE, BLACK = (40, 32, 206), (200, 60, 40), (30, 30, 30)
NAME = Seen(text="投诉人：", box=(900, 1900, 1060, 1940), score=0.99)


def paper() -> Picture:
    """A4 at 200 dpi."""
    return np.full((2339, 1654, 3), 250, np.uint8)


def words(page: Picture, grey: int) -> Picture:
    for top in range(300, 1500, 70):
        for left in range(200, 1400, 45):
            cv2.rectangle(page, (left, top), (left + 24, top + 30), (grey, grey, grey), 4)
    return page


def upright(page: Picture, *lines: Seen) -> Upright:
    return Upright(
        number=1,
        picture=page,
        dpi=200,
        rotation=0,
        to_original=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        lines=lines or (NAME,),
        by="ocr",
    )


def scrawl(page: Picture) -> Picture:
    points = [(1100, 1930), (1130, 1870), (1160, 1940), (1200, 1860), (1240, 1935), (1290, 1880), (1340, 1930)]
    cv2.polylines(page, [np.array(points, np.int32)], False, BLACK, 4)
    return page


def seal(page: Picture, colour: tuple[int, int, int]) -> Picture:
    cv2.circle(page, (1150, 1850), 160, colour, 10)
    cv2.circle(page, (1150, 1850), 50, colour, -1)
    for angle in range(0, 360, 30):
        x, y = (round(110 * f(np.radians(angle))) for f in (np.cos, np.sin))
        cv2.circle(page, (1150 + x, 1850 + y), 18, colour, -1)
    return page


def test_an_empty_page_has_no_ink_and_grain_is_none() -> None:
    grain = np.clip(np.random.default_rng(1).normal(245, 6, (2339, 1654)), 0, 255).astype(np.uint8)
    assert ink_of(paper(), 200).faint == ink_of(grain, 200).strong == 0


def test_what_shines_through_is_faint_and_what_is_written_is_strong() -> None:
    through, written = ink_of(words(paper(), 215), 200), ink_of(words(paper(), 40), 200)
    assert through.strong == 0
    assert through.faint > 300
    assert written.strong > 300


def test_the_dark_edge_of_a_scanner_is_no_ink() -> None:
    page = paper()
    page[:, :30] = page[:25] = 60
    assert ink_of(page, 200).strong == 0


def test_a_photograph_is_dark() -> None:
    page = paper()
    page[400:1800, 200:1400] = np.random.default_rng(1).integers(20, 110, (1400, 1200, 3), dtype=np.uint8)
    assert ink_of(page, 200).dark > 0.2


def test_the_bubbles_of_a_chat_are_green() -> None:
    page = paper()
    page[400:600, 800:1400] = (106, 236, 150)
    assert ink_of(page, 200).green > 0.02
    assert ink_of(paper(), 200).green == 0


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_a_round_stamp_is_a_seal(colour: tuple[int, int, int]) -> None:
    assert marks_of(upright(seal(paper(), colour))) == {"seal"}


def test_strokes_beside_the_word_for_it_are_a_signature() -> None:
    assert marks_of(upright(scrawl(paper()))) == {"signature"}


def test_strokes_in_the_middle_of_nowhere_are_none() -> None:
    head = Seen(text="尊敬的领导，我要投诉的是贵公司拒绝赔付", box=(200, 300, 900, 340), score=0.99)
    assert marks_of(upright(scrawl(paper()), head)) == frozenset()


def test_a_red_fingerprint_is_a_signature() -> None:
    page = paper()
    for ring in range(6, 56, 7):
        cv2.ellipse(page, (1150, 1900), (ring, round(ring * 1.35)), 0, 0, 360, RED, 4)
    assert "signature" in marks_of(upright(page))


def test_a_printed_name_and_red_lines_to_write_on_are_no_marks() -> None:
    page = words(paper(), 40)
    for row in range(300, 2200, 70):
        cv2.line(page, (150, row), (1500, row), (120, 120, 196), 1)
    assert marks_of(upright(page)) == frozenset()


def test_blue_handwriting_is_no_seal() -> None:
    page = paper()
    for top in range(300, 1500, 70):
        for left in range(200, 1400, 45):
            cv2.ellipse(page, (left, top), (14, 18), 30, 0, 300, BLUE, 3)
    assert "seal" not in marks_of(upright(page))


def test_a_grey_scan_shows_no_seal() -> None:
    page = cv2.cvtColor(seal(paper(), RED), cv2.COLOR_BGR2GRAY).astype(np.uint8)
    assert "seal" not in marks_of(upright(page))


def form(page: Picture) -> Upright:
    """The foot of a return slip: a word, a rule to sign on, a word, a rule for the date."""
    for left in (200, 700):
        cv2.rectangle(page, (left, 1900), (left + 70, 1932), BLACK, 5)
        cv2.line(page, (left + 100, 1940), (left + 450, 1940), BLACK, 1)
    return upright(page, Seen(text="签名 日期 年月日", box=(195, 1880, 1160, 1945), score=1.0))


def test_a_name_on_the_rule_of_a_slip_is_a_signature_and_an_empty_rule_is_none() -> None:
    assert marks_of(form(paper())) == frozenset()
    signed = paper()
    points = [(320, 1930), (350, 1860), (380, 1940), (420, 1850), (460, 1935), (510, 1870), (560, 1925)]
    cv2.polylines(signed, [np.array(points, np.int32)], False, BLACK, 4)
    assert marks_of(form(signed)) == {"signature"}
