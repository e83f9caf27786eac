"""What a letter says is what its writer meant: paragraphs whole, numbers whole, and every word traced to its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.letter.reading.meaning.text import written
from normalizer.record import PageKind, ScanLine, ScanPage
from tests.letter_reading.meaning_sheets import line, page, scan_page, wrapped

COMPLAINT = (
    "我于二〇二六年三月在贵公司投保重大疾病保险，业务员张强当时承诺随时可以退保并且全额返还保费，"
    "现在我去退保却只退一半。"
)


def traced(pages: tuple[ScanPage, ...], text: str) -> bool:
    return all(text[n.start : n.start + len(n.text)] == n.text for p in pages for n in p.lines if n.start >= 0)


def test_a_paragraph_over_several_lines_is_one_line_of_text() -> None:
    said = written([page("尊敬的领导：", *wrapped(COMPLAINT), "　　请尽快处理。")])
    assert said.text == f"尊敬的领导：\n{COMPLAINT}\n请尽快处理。"
    assert traced(said.pages, said.text)


def test_a_page_that_lay_askew_reads_the_same() -> None:
    rows = ["尊敬的领导：", *wrapped(COMPLAINT), *wrapped("再说一遍，" + COMPLAINT), "　　请尽快处理。"]
    assert {written([page(*rows, askew=lean)]).text for lean in (-0.05, -0.02, 0.0, 0.03, 0.05)} == {
        f"尊敬的领导：\n{COMPLAINT}\n再说一遍，{COMPLAINT}\n请尽快处理。"
    }


def test_an_identity_number_that_goes_on_in_the_next_line_is_one_number() -> None:
    before = "本人陈秀英因为保险合同纠纷一事特向贵公司投诉，身份证号"
    said = written([page(*wrapped(before + "320508197403151234，请核实后与我联系，谢谢。"))])
    assert "320508197403151234" in said.text
    assert traced(said.pages, said.text)


@pytest.mark.parametrize("number", ["PDAA202641010000100005", "0512-65223344", "32050819740315123X"])
@pytest.mark.parametrize("at", range(1, 10))
def test_a_number_is_whole_wherever_its_line_ends(number: str, at: int) -> None:
    lead = "投" * (28 - at // 2) + ("1" if at % 2 else "")
    text = f"{lead}{number}投诉人不服贵公司作出的处理决定，要求重新调查。"
    assert number in written([page(*wrapped(text), *wrapped(COMPLAINT))]).text


def test_a_number_moved_whole_to_the_next_line_leaves_the_sentence_whole() -> None:
    rows = [
        "　　" + "投诉" * 11 + "保单号是",
        "PDAA202641010000100005，请核实处理并且给予答复谢谢",
        *wrapped(COMPLAINT),
    ]
    assert "保单号是PDAA202641010000100005" in written([page(*rows)]).text


def test_a_sentence_goes_on_across_the_page() -> None:
    rows = wrapped(COMPLAINT)
    said = written([page(*wrapped(COMPLAINT), *rows[:1]), page(*rows[1:], "　　请尽快处理。", number=2)])
    assert said.text == f"{COMPLAINT}\n{COMPLAINT}\n请尽快处理。"
    assert traced(said.pages, said.text)


def test_an_enclosure_between_two_pages_says_nothing_and_parts_nothing() -> None:
    rows = wrapped(COMPLAINT)
    card = page("姓名 李四", "公民身份号码 320508197403151234", kind=PageKind.ID_CARD, number=2)
    said = written([page(*wrapped(COMPLAINT), *rows[:1]), card, page(*rows[1:], number=3)])
    assert said.text == f"{COMPLAINT}\n{COMPLAINT}"
    assert [n.start for n in said.pages[1].lines] == [-1, -1]


def test_page_numbers_and_the_fax_machines_line_are_kept_as_lines_but_not_as_text() -> None:
    top = ScanLine(text="2026-11-18 10:22 FROM: 051265223344 P.01/02", box=(200, 40, 1000, 80), score=0.9)
    foot = ScanLine(text="第 1 页 共 2 页", box=(700, 2250, 900, 2290), score=0.9)
    said = written([scan_page([top, *page(*wrapped(COMPLAINT)).lines, foot])])
    assert said.text == COMPLAINT
    assert [said.pages[0].lines[place].start for place in (0, -1)] == [-1, -1]


def test_a_printed_head_on_every_page_is_no_text() -> None:
    head = ScanLine(text="青禾商贸有限公司用笺", box=(500, 60, 900, 100), score=0.9)
    pages = [scan_page([head, *page(*wrapped(COMPLAINT)).lines], number=n) for n in (1, 2)]
    assert "用笺" not in written(pages).text


def test_headings_items_labels_and_the_signature_stand_alone() -> None:
    rows = [
        "　　　　　　　　　　　　投诉信",
        *wrapped(COMPLAINT),
        "一、退还全部保费；",
        "二、书面道歉。",
        "联系电话：13912345678",
        "　　此致",
        "敬礼！",
        "　　　　　　　　　　　　　　　　　　　　投诉人：王小明",
        "　　　　　　　　　　　　　　　　　　　　2026年11月18日",
    ]
    said = written([page(*rows)]).text.split("\n")
    assert said == ["投诉信", COMPLAINT, *(row.strip("　") for row in rows[-7:])]


def test_an_address_under_a_name_in_columns_keeps_a_space_between_them() -> None:
    pair = [line("投诉人：王小明"), line("电话：13912345678", indent=14)]
    said = written([scan_page([*pair, *page("", *wrapped(COMPLAINT)).lines])])
    assert said.text.startswith("投诉人：王小明 电话：13912345678\n")


def test_english_words_keep_their_spaces() -> None:
    rows = [
        "Dear Sir or Madam,",
        "I bought a policy from your company in March 2026 and the agent",
        "promised me that I could cancel it at any time. My number is 1391",
        "2345678 and my address is wang@qinghe-trading.cn if you need me.",
        "Yours sincerely,",
    ]
    said = written([page(*rows)]).text
    assert "the agent promised me" in said
    assert "is 13912345678 and" in said
    assert said.startswith("Dear Sir or Madam,\nI bought")


def test_of_our_return_slip_only_the_answers_are_read() -> None:
    slip = page(
        "回 执",
        "请沿折线折叠，使下方地址露出信封窗口，寄回本公司。",
        "青湖财产保险股份有限公司",
        "苏州市人民路1号",
        "投诉编号 TS261118000013　投诉人 王小明",
        "请在横线上用黑色笔填写。如有有关材料，请与本回执一并寄回。",
        "1. 请留一个能联系到您的电话或邮箱。",
        "13912345678",
        "2. 保单号或赔案号（没有或不清楚也不影响处理）",
        "PDAA202641010000100005",
        "3. 您希望我们怎样解决？",
        "全额退还保费，并且书面道歉",
        "签名 王小明 日期 2026年11月20日",
        kind=PageKind.SLIP,
    )
    said = written([slip])
    assert said.text == (
        "联系方式：13912345678\n保单号或赔案号：PDAA202641010000100005\n"
        "投诉请求：全额退还保费，并且书面道歉\n签名 王小明 日期 2026年11月20日\n"
    )
    assert traced(said.pages, said.text)


def test_a_slip_that_nobody_filled_in_says_nothing() -> None:
    rows = ("回 执", "请在横线上用黑色笔填写。", "1. 请问您的姓名是？", "签名", "日期 年 月 日")
    assert written([page(*rows, kind=PageKind.SLIP)]).text == ""


def test_a_question_over_two_lines_is_no_answer() -> None:
    asked = "1. " + "请您说明在办理这份保险时业务员向您出示过哪些材料以及您是否在投"
    slip = page("请在横线上用黑色笔填写。", asked, "保单上亲笔签名？", "没有，都是他签的", kind=PageKind.SLIP)
    assert written([slip]).text == "没有，都是他签的\n"


WORDS = st.text("投诉人我的保险合同，。：1234567890Xab-. （）一、", min_size=1, max_size=30).map(str.strip).filter(bool)
BOXES = st.tuples(st.integers(0, 1600), st.integers(0, 2300), st.integers(0, 1600), st.integers(0, 2300))
LINES = st.builds(ScanLine, text=WORDS, box=BOXES, score=st.floats(0, 1))
PAGES = st.builds(
    lambda lines, kind: scan_page(lines, kind=kind), st.lists(LINES, max_size=8), st.sampled_from(PageKind)
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PAGES, max_size=4))
def test_every_line_with_a_place_in_the_text_stands_there_whatever_the_paper(pages: list[ScanPage]) -> None:
    said = written(pages)
    assert traced(said.pages, said.text)
    placed = [
        n.start for p in said.pages if p.kind in (PageKind.LETTER, PageKind.SLIP) for n in p.lines if n.start >= 0
    ]
    assert placed == sorted(placed)


def test_a_signature_taken_for_two_letters_is_a_line_but_no_word() -> None:
    said = written([scan_page([line("投诉人：王建国", 0, 0), line("MV", 10, 1, score=0.55)])])
    assert said.text == "投诉人：王建国"
    assert [each.start for each in said.pages[0].lines][1] == -1


def test_a_scrawl_beside_the_word_for_a_signature_is_no_answer_on_a_slip() -> None:
    rows = ["请在横线上用黑色笔填写。", "1. 您希望怎样解决", "请尽快赔付", "签名 NW 日期 年 月 日"]
    lines = [line(row, 0, place) for place, row in enumerate(rows)]
    assert written([scan_page(lines, kind=PageKind.SLIP)]).text.strip() == "投诉请求：请尽快赔付"
