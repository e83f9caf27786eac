"""What the eyes make of whole pages; the engine is the real one."""

from __future__ import annotations

import re

import numpy as np
import pytest

from channels.letter.reading.sight.eyes import Eyes
from channels.letter.reading.values import LayerLine, Picture, Sheet, Upright
from tests.letter_reading.sight_drawing import LETTER, faxed, needs_font, page, scanned, sheet, skewed, stamped

pytestmark = needs_font


@pytest.fixture(scope="module")
def eyes() -> Eyes:
    return Eyes(threads=1)


def said(upright: Upright) -> list[str]:
    """The lines without spaces and punctuation, which a recogniser sets as it likes."""
    return [re.sub(r"\W", "", line.text) for line in upright.lines]


LETTER_SAID = [re.sub(r"\W", "", line) for line in LETTER]


def test_a_clean_letter_is_read_line_by_line_and_nothing_is_warned_of(eyes: Eyes) -> None:
    upright = eyes.read(sheet(page()))
    assert said(upright) == LETTER_SAID
    assert (upright.rotation, upright.by, upright.warnings) == (0, "ocr", ())


def test_the_gap_a_writer_left_between_two_words_stays_a_gap(eyes: Eyes) -> None:
    upright = eyes.read(sheet(page(("投诉人：黄伟源　　性别：男", "联系电话：13959791907　　　　　　南京市"))))
    assert re.search(r"黄伟源 性", upright.lines[0].text)
    assert re.search(r"13959791907 南京市", upright.lines[1].text)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_letter_scanned_askew_and_turned_is_turned_back(eyes: Eyes, degrees: int) -> None:
    lying = np.ascontiguousarray(np.rot90(scanned(skewed(page(LETTER[2:6]), 2.0)), degrees // 90))
    upright = eyes.read(sheet(lying))
    assert upright.rotation == degrees
    assert said(upright) == LETTER_SAID[2:6]


def test_a_page_that_hangs_by_four_degrees_keeps_its_rows(eyes: Eyes) -> None:
    lines = ("投诉人：黄伟源　　　　　　　　　　　　2026年5月20日", "请贵公司尽快处理此事，谢谢。")
    upright = eyes.read(sheet(skewed(page(lines, width=1100), 4.0)))
    assert said(upright) == ["投诉人黄伟源2026年5月20日", "请贵公司尽快处理此事谢谢"]


def test_a_red_seal_over_the_policy_number_hides_nothing_and_says_nothing(eyes: Eyes) -> None:
    upright = eyes.read(sheet(stamped(page(), at=(180, 130))))
    assert said(upright) == LETTER_SAID
    assert upright.warnings == ("stamped",)


def test_a_fax_full_of_speckle_is_read_softened(eyes: Eyes) -> None:
    upright = eyes.read(sheet(faxed(page()), bilevel=True))
    assert said(upright) == LETTER_SAID
    assert upright.warnings == ("faxed",)


def test_a_number_that_could_be_read_two_ways_comes_with_its_other_reading(eyes: Eyes) -> None:
    upright = eyes.read(sheet(page(("保单号：ANPVOBl1Z0SO", "请求退还保费。"))))
    assert upright.lines[0].others
    assert not upright.lines[1].others


def test_an_empty_page_is_not_read(eyes: Eyes) -> None:
    white: Picture = np.full((2339, 1654, 3), 245, dtype=np.uint8)
    upright = eyes.read(sheet(white))
    assert (upright.lines, upright.by, upright.warnings) == ((), "nothing", ())


def test_the_text_of_a_born_digital_page_is_taken_as_it_is(eyes: Eyes) -> None:
    layer = (
        LayerLine(text="2026年5月20日", box=(600, 100, 800, 130)),
        LayerLine(text="第二行", box=(90, 160, 190, 190)),
        LayerLine(text="投诉人：黄伟源", box=(90, 100, 290, 130)),
    )
    upright = eyes.read(Sheet(number=3, picture=page(()), dpi=200, layer=layer, warnings=("tagged",)))
    assert [line.text for line in upright.lines] == ["投诉人：黄伟源 2026年5月20日", "第二行"]
    assert (upright.number, upright.by, upright.warnings) == (3, "text_layer", ("tagged",))


def test_a_page_reads_the_same_after_another_page_was_read(eyes: Eyes) -> None:
    before = eyes.read(sheet(page(LETTER[:3])))
    eyes.read(sheet(page(("another page",))))
    assert eyes.read(sheet(page(LETTER[:3]))).lines == before.lines


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 2, 3), (40, 40, 3)])
@pytest.mark.parametrize("bilevel", [True, False])
def test_a_scrap_of_any_shape_is_survived(eyes: Eyes, shape: tuple[int, ...], bilevel: bool) -> None:
    scrap = np.random.default_rng(7).integers(0, 255, shape, dtype=np.uint8)
    assert eyes.read(sheet(scrap, bilevel=bilevel)).picture.size == scrap.size


def test_what_read_the_page_says_who_it_is_and_how_it_was_set(eyes: Eyes) -> None:
    assert "rapidocr" in eyes.name
    assert eyes.settings["Global.use_cls"] == "False"
    assert eyes.settings["Det.limit_side_len"] == "1280"
