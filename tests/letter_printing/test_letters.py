"""What a person reads when the envelope is open."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest

from channels.letter.printing.faults import Unprintable
from channels.letter.printing.pages import Page, Sign, read_pages, spelled
from channels.letter.printing.render import Renderer
from channels.letter.printing.values import (
    Decision,
    Kind,
    Language,
    Letterhead,
    PrintedLetter,
    ReplyLetter,
    from_fields,
    to_fields,
)
from channels.letter.printing.words import words
from tests.letter_printing.letters import ASKING, DECISION, HEAD, RECEIPT, changed
from tests.letter_printing.looking import all_words, below_the_fold, in_the_window, words_on

HOSTILE = (
    '#read("/etc/passwd") *x* @ref $a$ </script> \\u{41} // /* = #pagebreak() `c` <label> ~ -- --- https://x.example/y'
)


@pytest.mark.parametrize("kind", [kind for kind in get_args(Kind) if kind != "decision"])
@pytest.mark.parametrize("language", get_args(Language))
def test_every_kind_of_letter_has_its_title_number_date_and_signature(
    renderer: Renderer, kind: Kind, language: Language
) -> None:
    letter = replace(RECEIPT, kind=kind, language=language)
    seen = words_on(renderer.render(letter))
    for part in (words(language)["titles"][kind], RECEIPT.number, HEAD.org, HEAD.signatory, HEAD.phone, "2026"):
        assert part.replace(" ", "") in seen


def test_the_three_languages_have_the_same_words() -> None:
    simplified, *others = (words(language) for language in get_args(Language))
    for other in others:
        assert other.keys() == simplified.keys()
        assert other["titles"].keys() == simplified["titles"].keys() == set(get_args(Kind))


def test_the_number_date_and_subject_lie_below_the_fold(renderer: Renderer) -> None:
    seen = below_the_fold(renderer.render(replace(RECEIPT, title="关于理赔的函")))
    assert seen.startswith("投诉编号TS26112300015X2026年11月23日关于理赔的函尊敬的欧阳震")


def test_a_decision_says_what_was_found_on_what_grounds_and_what_remains(renderer: Renderer) -> None:
    seen = all_words(renderer.render(DECISION))
    parts = ("一、核实的情况", "二、处理意见及依据", "三、异议解决途径", "第十九条、第二十一条", "特此告知")
    assert [seen.index(part) for part in parts] == sorted(seen.index(part) for part in parts)


@pytest.mark.parametrize("part", ["verified", "basis", "remedies"])
def test_a_decision_without_one_of_its_parts_is_not_printed(renderer: Renderer, part: str) -> None:
    whole = DECISION.decision
    assert isinstance(whole, Decision)
    with pytest.raises(Unprintable) as refused:
        renderer.render(replace(DECISION, decision=replace(whole, **{part: " \u200b\n"})))
    assert refused.value.part == part


def test_a_decision_that_is_none_is_not_printed_as_one(renderer: Renderer) -> None:
    with pytest.raises(Unprintable, match="decision_parts"):
        renderer.render(replace(RECEIPT, kind="decision"))


def test_markup_of_strangers_is_printed_as_it_stands(renderer: Renderer) -> None:
    letter = replace(ASKING, name="#panic() *n*", title=f"= {HOSTILE}", paragraphs=(HOSTILE, f"- {HOSTILE}"))
    seen = all_words(renderer.render(letter))
    assert seen.count(HOSTILE.replace(" ", "")) == 3
    assert "#panic()*n*" in seen
    assert "root:" not in seen


@pytest.mark.parametrize(
    "name", ["张䶮", "李𬭎", "阿依古丽·买买提", "𠮷田•春", "O’Connor-Fitzgerald", "José Núñez", "㛃㐂"]
)
@pytest.mark.parametrize("language", get_args(Language))
def test_rare_names_come_out_whole(renderer: Renderer, name: str, language: Language) -> None:
    seen = words_on(renderer.render(replace(RECEIPT, name=name, language=language)))
    assert seen.count(name.replace(" ", "")) == 2


@pytest.mark.parametrize("odd", ["王😀", "王\ud842", "王\ue000", "བཀྲ་ཤིས།"])
@pytest.mark.parametrize("part", ["name", "address", "title"])
def test_a_character_that_no_font_has_is_refused_and_not_quoted(renderer: Renderer, odd: str, part: str) -> None:
    with pytest.raises(Unprintable) as refused:
        renderer.render(changed(RECEIPT, part, odd))
    assert refused.value.code == "no_glyph"
    assert odd not in str(refused.value)


def test_marks_that_turn_or_hide_text_are_left_out(renderer: Renderer) -> None:
    seen = words_on(renderer.render(replace(RECEIPT, paragraphs=("款\u202e项\u200b已\ufe0f付\x07。",))))
    assert "款项已付。" in seen


def test_a_letter_to_no_address_is_not_printed(renderer: Renderer) -> None:
    with pytest.raises(Unprintable, match="empty address"):
        renderer.render(replace(RECEIPT, address=" \u3000"))


def test_whoever_did_not_give_their_name_is_written_to_as_the_writer(renderer: Renderer) -> None:
    printed = renderer.render(replace(RECEIPT, name=""))
    assert "来信人" in in_the_window(printed)


def test_a_letter_about_no_complaint_names_no_number(renderer: Renderer) -> None:
    aside = replace(RECEIPT, number="", asks=(), paragraphs=("您的来信已收到。",))
    assert "投诉编号" not in all_words(renderer.render(aside))


@pytest.mark.parametrize(
    ("part", "value"),
    [("name", "长" * 101), ("address", "长" * 301), ("title", "长" * 121), ("paragraphs", ("长" * 40_001,))],
)
def test_a_letter_beyond_all_measure_is_refused(renderer: Renderer, part: str, value: object) -> None:
    with pytest.raises(Unprintable, match=f"too_long {part}"):
        renderer.render(changed(RECEIPT, part, value))


def test_a_letter_that_says_nothing_is_not_printed(renderer: Renderer) -> None:
    with pytest.raises(Unprintable, match="empty paragraphs"):
        renderer.render(replace(RECEIPT, paragraphs=("", "\n")))


def test_the_same_letter_is_the_same_file(renderer: Renderer, fonts: None) -> None:
    assert renderer.render(ASKING).pdf == Renderer(HEAD).render(ASKING).pdf


def test_large_print_is_at_least_16_points(renderer: Renderer) -> None:
    normal, large = (
        _height("核", renderer.render(replace(RECEIPT, kind="status", large=large))) for large in (False, True)
    )
    assert large >= normal * 16 / 12 * 0.99


@pytest.mark.parametrize("large", [False, True])
def test_a_run_without_end_does_not_leave_the_paper(renderer: Renderer, large: bool) -> None:
    run = "x" * 400
    assert run in words_on(renderer.render(replace(RECEIPT, paragraphs=(f"见{run}。", "已登记。"), large=large)))


@pytest.mark.parametrize("shift", range(12))
def test_amounts_dates_and_numbers_do_not_break_across_lines(renderer: Renderer, shift: int) -> None:
    whole = ("30,800元", "2026年", "400-820-1234", "PA-2025/03-0001", "TS26112300015X", "1.5万元", "12号")
    text = "字" * shift + "".join(f"金额{part}整，以及" for part in whole * 4)
    page = read_pages(renderer.render(replace(RECEIPT, paragraphs=(text,))).pdf)[0]
    for part in whole:
        assert _lines_of(part, page) == {1}


@pytest.mark.parametrize("sentences", range(1, 25, 3))
@pytest.mark.parametrize("as_one", [False, True])
def test_the_signature_never_stands_alone_on_a_page(renderer: Renderer, sentences: int, as_one: bool) -> None:
    said = ("您反映的事项我公司正在核查，有结果后会尽快以书面方式告知您，请您耐心等候。",) * sentences
    printed = renderer.render(replace(RECEIPT, paragraphs=("".join(said),) if as_one else said))
    *_, last = read_pages(printed.pdf)
    assert "耐心等候。特此告知。" in spelled(last.signs)


def test_a_long_last_paragraph_begins_on_the_first_page(renderer: Renderer) -> None:
    printed = renderer.render(replace(RECEIPT, paragraphs=("您反映的事项我公司正在核查。" * 60,)))
    assert "正在核查" in words_on(printed)
    assert printed.pages == 2


def test_a_paragraph_of_many_pages_is_printed(renderer: Renderer) -> None:
    assert renderer.render(replace(RECEIPT, paragraphs=("您反映的事项我公司正在核查。" * 300,))).pages > 3


def test_each_page_says_which_of_how_many_it_is(renderer: Renderer) -> None:
    printed = renderer.render(replace(RECEIPT, paragraphs=("您反映的事项我公司正在核查。",) * 90))
    assert printed.pages == 4
    for number in range(printed.pages):
        assert words_on(printed, number).endswith(f"投诉编号TS26112300015X第{number + 1}页共4页")


def test_a_letterhead_without_telephone_and_department_prints(fonts: None) -> None:
    bare = Letterhead(org=HEAD.org, address="", phone="", signatory="")
    assert "电话" not in words_on(Renderer(bare).render(replace(RECEIPT, paragraphs=("已登记。",))))


@pytest.mark.parametrize("letter", [RECEIPT, ASKING, DECISION])
def test_a_letter_survives_its_way_to_the_press(letter: ReplyLetter) -> None:
    assert from_fields(to_fields(letter)) == letter


def _height(sign: str, printed: PrintedLetter) -> float:
    found = [one for one in read_pages(printed.pdf)[0].signs if one.text == sign]
    return found[-1].area.bottom - found[-1].area.top


def _lines_of(part: str, page: Page) -> set[int]:
    """On how many lines each occurrence of a text lies."""
    text = "".join(sign.text for sign in page.signs)
    starts = [start for start in range(len(text)) if text.startswith(part, start)]
    return {_lines(page.signs[start : start + len(part)]) for start in starts}


def _lines(signs: tuple[Sign, ...]) -> int:
    middles = sorted((sign.area.top + sign.area.bottom) / 2 for sign in signs)
    return 1 + sum(below - above > 4 for above, below in pairwise(middles))
