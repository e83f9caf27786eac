"""What shows in the window of the envelope: where it goes to, and nothing of why."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.letter.printing.addresses import addressee
from channels.letter.printing.checks import check_pages
from channels.letter.printing.faults import Unprintable
from channels.letter.printing.fonts import NoFonts
from channels.letter.printing.pages import read_pages
from channels.letter.printing.plain import bare
from channels.letter.printing.render import Renderer
from channels.letter.printing.setting import setting
from channels.letter.printing.values import Language
from tests.letter_printing.letters import ASKING, HEAD, RECEIPT
from tests.letter_printing.looking import in_the_window

LONG = (
    "邮编：165450 内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇建设街道向阳社区居民委员会"
    "幸福家园小区三期东区12号楼4单元1801室"
    "（原大杨树林业局家属院北门西侧第二排平房对面，联系时请先致电物业服务中心）转交"
)
COMPANY = "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇建设工程有限责任公司破产管理人"


def test_the_window_shows_postcode_address_and_name(renderer: Renderer) -> None:
    assert in_the_window(renderer.render(RECEIPT)) == "100032北京市西城区金融大街12号恒安中心B座1803室欧阳震收"


def test_in_english_the_name_leads(renderer: Renderer) -> None:
    letter = replace(RECEIPT, language="en", name="Ann Lee", address="18 Nanjing Road, Shanghai 200001")
    assert in_the_window(renderer.render(letter)) == "AnnLee18NanjingRoad,Shanghai200001"


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", get_args(Language))
def test_a_very_long_address_shrinks_until_it_fits(renderer: Renderer, language: Language, large: bool) -> None:
    letter = replace(RECEIPT, name=COMPANY, address=LONG, language=language, large=large)
    assert bare(COMPANY) in in_the_window(renderer.render(letter))


def test_an_address_that_fits_at_no_size_is_refused(renderer: Renderer) -> None:
    with pytest.raises(Unprintable, match="window address"):
        renderer.render(replace(RECEIPT, address="\n".join("街" * 9 for _ in range(30))))


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("100032 北京市西城区金融大街12号", "100032"),
        ("北京市西城区金融大街12号，100032", "100032"),
        ("北京市西城区金融大街12号 邮编：100032", "100032"),
        ("邮编100032\n北京市西城区金融大街12号", "100032"),
        ("北京市西城区100032信箱3号", ""),
        ("北京市西城区金融大街12号 13800138000", ""),
    ],
)
def test_a_postcode_is_known_at_either_end_of_an_address(address: str, postcode: str) -> None:
    lines = addressee(address, "欧阳震　收", "zh-Hans")
    assert [line["text"] for line in lines if line["kind"] == "postcode"] == [postcode] * bool(postcode)


@given(
    address=st.text(
        st.sampled_from("北京市西城区街号楼室 -0123456789ABab#*,，（）\n\u3000·𬭎"), min_size=1, max_size=120
    ),
    name=st.text(st.sampled_from("欧阳震·䶮 Aab-’"), min_size=1, max_size=30),
    language=st.sampled_from(get_args(Language)),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_address_the_window_shows_all_of_it_or_nothing_is_printed(
    renderer: Renderer, address: str, name: str, language: Language
) -> None:
    letter = replace(RECEIPT, address=address, name=name, language=language)
    try:
        shown = in_the_window(renderer.render(letter))
    except Unprintable:
        return
    assert sorted(shown) == sorted("".join(bare(line["text"]) for line in setting(letter, HEAD)["to"]))


def test_a_letter_whose_matter_shows_in_the_window_is_caught(renderer: Renderer) -> None:
    pages = read_pages(renderer.render(RECEIPT).pdf)
    with pytest.raises(Unprintable, match="window address"):
        check_pages(pages, setting(RECEIPT, HEAD) | {"to": addressee("北京", "欧阳震", "zh-Hans")})


def test_a_letter_that_lost_a_word_is_caught(renderer: Renderer) -> None:
    pages = read_pages(renderer.render(RECEIPT).pdf)
    with pytest.raises(Unprintable, match="no_glyph"):
        check_pages(pages, setting(replace(RECEIPT, paragraphs=("另一件事。",)), HEAD))


def test_a_letter_in_other_fonts_is_caught(renderer: Renderer) -> None:
    pages = read_pages(renderer.render(ASKING).pdf)
    with pytest.raises(NoFonts):
        check_pages(pages, setting(ASKING, HEAD) | {"fonts": {"serif": ["Libertinus Serif"]}})
