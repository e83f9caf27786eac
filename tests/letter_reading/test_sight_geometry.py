"""Turning, ordering, seals and ink, without an engine."""

from __future__ import annotations

import math
import subprocess
import sys
from random import Random

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from channels.letter.reading.pixels import Quad, clockwise, picture_of, quad_of
from channels.letter.reading.sight import coverage, ordering, stamps, turning
from channels.letter.reading.sight.looks import holds_number
from channels.letter.reading.sight.ordering import Fragment
from channels.letter.reading.values import Picture
from tests.letter_reading.sight_drawing import needs_font, page, scanned, stamped

sides = st.integers(1, 60)


@given(width=sides, height=sides, degrees=st.sampled_from((0, 90, 180, 270)), data=st.data())
def test_every_pixel_of_a_turned_page_is_found_again_on_the_original(
    width: int, height: int, degrees: int, data: st.DataObject
) -> None:
    original: Picture = np.arange(width * height, dtype=np.uint32).view(np.uint8).reshape(height, width, 4)[:, :, :3]
    upright = turning.turned(original, degrees)
    x, y = data.draw(st.integers(0, upright.shape[1] - 1)), data.draw(st.integers(0, upright.shape[0] - 1))
    a, b, c, d, e, f = turning.to_original(width, height, degrees)
    assert (original[int(d * x + e * y + f), int(a * x + b * y + c)] == upright[y, x]).all()


@given(width=sides, height=sides, degrees=st.sampled_from((90, 180, 270)))
def test_a_box_turns_with_its_page(width: int, height: int, degrees: int) -> None:
    whole = quad_of((0, 0, width - 1, height - 1))
    paper: Picture = np.zeros((height, width, 3), dtype=np.uint8)
    (turned,) = turning.turned_quads([whole], paper, degrees)
    down, across = turning.turned(paper, degrees).shape[:2]
    assert sorted(map(tuple, turned.tolist())) == sorted(map(tuple, quad_of((0, 0, across - 1, down - 1)).tolist()))


def test_the_corners_of_a_standing_box_are_put_in_order() -> None:
    mixed = np.array([[412, 267], [461, 1416], [413, 1418], [365, 269]])
    assert clockwise(mixed).tolist() == [[365, 269], [412, 267], [461, 1416], [413, 1418]]


def placed(text: str, left: int, top: int, width: int, angle: float) -> Fragment:
    """A fragment 40 pixels high on a page that hangs by ``angle``."""
    quad = quad_of((left, top, left + width, top + 40))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return Fragment(quad=np.asarray(quad @ turn, dtype=np.float32), text=text, score=0.9)


@given(degrees=st.floats(-5, 5), rows=st.integers(2, 25), seed=st.randoms(use_true_random=False))
def test_rows_survive_a_page_that_hangs(degrees: float, rows: int, seed: Random) -> None:
    angle = math.radians(degrees)
    pieces = [placed(f"左{row}", 100, 100 + 60 * row, 500, angle) for row in range(rows)]
    pieces += [placed(f"右{row}", 900, 100 + 60 * row, 500, angle) for row in range(rows)]
    seed.shuffle(pieces)
    assert [line.text for line in ordering.lines(pieces)] == [f"左{row} 右{row}" for row in range(rows)]


def test_pieces_of_one_sentence_are_joined_without_a_space() -> None:
    pieces = [placed("我要", 100, 100, 80, 0), placed("投诉", 182, 103, 80, 0)]
    assert [line.text for line in ordering.lines(pieces)] == ["我要投诉"]


def test_another_reading_that_differs_only_in_spaces_or_width_is_no_other_reading() -> None:
    quad: Quad = quad_of((0, 0, 100, 40))
    piece = Fragment(quad=quad, text="保单号：123456", score=1.0, others=("保单号:123 456", "保单号：128456"))
    assert ordering.lines([piece])[0].others == ("保单号：128456",)


def test_a_policy_number_is_looked_at_again_and_a_date_is_not() -> None:
    assert holds_number("保单号：GC0019283746")
    assert holds_number("8860 5512 0093")
    assert not holds_number("2026年5月20日")


@needs_font
def test_ink_outside_all_boxes_is_seen() -> None:
    picture = scanned(page())
    everything = quad_of((0, 0, picture.shape[1], picture.shape[0]))
    upper_half = quad_of((0, 0, picture.shape[1], picture.shape[0] // 2))
    assert coverage.unread(picture, 200, [everything]) == 0
    assert 0.2 < coverage.unread(picture, 200, [upper_half]) < 0.8


def test_rules_holes_and_frames_are_no_unread_ink() -> None:
    paper = np.full((2339, 1654), 240, dtype=np.uint8)
    for y in range(200, 2200, 60):
        cv2.line(paper, (150, y), (1500, y + 20), (150,), 2)
    cv2.circle(paper, (60, 1000), 24, (30,), -1)
    cv2.rectangle(paper, (100, 100), (1550, 2240), (20,), 4)
    assert coverage.blank(picture_of(paper), 200)
    assert coverage.unread(picture_of(paper), 200, []) == 0


@needs_font
def test_only_a_seal_is_cleared_and_a_letter_in_blue_ink_stays() -> None:
    clean, seals = stamps.cleared(stamped(page(), at=(180, 130)), 200)
    assert len(seals) == 1
    assert float(np.abs(clean.astype(int) - page()).mean()) < 2
    blue = page()
    blue[:, :, 0] = 200 + blue[:, :, 0] // 5
    assert stamps.cleared(blue, 200)[1] == ()


def test_naming_the_eyes_loads_no_models() -> None:
    naming = "import sys, channels.letter.reading.sight.eyes; print({'rapidocr', 'onnxruntime'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", naming], text=True).strip() == "set()"
