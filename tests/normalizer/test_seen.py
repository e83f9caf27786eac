"""Which values of a scanned letter a person must look at: all that could be wrong, and on clean print none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.extract.runs import id_is_valid
from normalizer.normalize import normalize
from normalizer.record import Field, Method, PageKind, Scan
from normalizer.seen import JUDGED, TEXT, Doubt, Why, doubtful
from tests.normalizer.letters import LETTERS
from tests.normalizer.paper import CLEAN, HOME, ID_NUMBER, PHONE, POLICY, doubts, letter, line, on_pages, page, why
from tests.normalizer.talking import said


def test_a_letter_in_clean_print_needs_nobody() -> None:
    assert doubts(letter(CLEAN)) == {}


def test_nothing_is_doubted_of_what_did_not_come_on_paper() -> None:
    chat = said(CLEAN)
    assert doubtful(normalize(chat), chat) == {}


@pytest.mark.parametrize("text", [one.text for one in LETTERS], ids=[one.told for one in LETTERS])
def test_of_clean_letters_only_what_contradicts_itself_is_shown(text: str) -> None:
    shown = {name: one.why for name, one in doubts(letter(text)).items()}
    assert set(shown) <= {"uscc"}, shown  # the organisation's code was made up and has no right check character


@pytest.mark.parametrize(
    ("words", "name"),
    [(PHONE, "phone"), (POLICY, "policy_number"), ("投诉人：王建国", "complainant_name"), (HOME, "address")],
)
def test_a_line_that_the_recogniser_is_not_sure_of_is_shown(words: str, name: str) -> None:
    text = CLEAN.replace("本人王建国", "本人")
    assert why(letter(text, scores={words: 0.9}), name) == (Why.LOW_SCORE,)
    assert why(letter(text, scores={words: 0.985}), name) == ()


def test_an_id_number_whose_check_digit_holds_is_believed_on_a_poorer_line() -> None:
    assert why(letter(CLEAN, scores={ID_NUMBER: 0.9}), "id_number") == ()
    assert why(letter(CLEAN, scores={ID_NUMBER: 0.8}), "id_number") == (Why.LOW_SCORE,)


def test_a_value_that_another_look_reads_otherwise_is_shown_with_that_reading() -> None:
    found = doubts(letter(CLEAN, looks={"000123456": "000128456", PHONE: "13592077184"}))
    assert found["policy_number"].why == (Why.READ_DIFFERENTLY,)
    assert found["policy_number"].candidates == (POLICY.replace("123456", "128456"),)
    assert found["phone"].candidates == ("+8613592077184",)
    assert set(found) == {"policy_number", "phone"}


def test_other_words_of_the_line_may_be_read_otherwise_as_they_like() -> None:
    assert doubts(letter(CLEAN, looks={"联系电话：": "联糸电活:", "，报案号": ",报案导", "保单号": "保車号 "})) == {}


def test_a_telephone_in_which_another_look_has_letters_for_digits_is_the_same_telephone() -> None:
    assert doubts(letter(CLEAN, looks={PHONE: "l3592O71l84"})) == {}


def test_a_telephone_printed_with_letters_is_read_and_needs_nobody() -> None:
    submission = letter(CLEAN.replace(PHONE, "l3592O71l84"))
    assert normalize(submission).value("phone") == f"+86{PHONE}"
    assert doubts(submission) == {}


def test_a_look_that_fails_the_check_digit_is_no_witness_against_one_that_passes() -> None:
    wrong = ID_NUMBER.replace("1990", "1998")
    assert not id_is_valid(wrong)
    assert doubts(letter(CLEAN, looks={ID_NUMBER: wrong})) == {}


def test_one_clear_sight_of_a_value_is_enough() -> None:
    text = CLEAN.replace("投诉信", f"投诉信 {POLICY}")
    assert set(doubts(letter(text, scores={f"保单号{POLICY}": 0.8}))) == {"claim_number"}  # on the same poor line


@pytest.mark.parametrize(
    ("number", "candidate"),
    [
        ("PUAA202641010000123456", "PVAA202641010000123456"),
        ("PDOA202641010000123456", "PDQA202641010000123456"),
        ("PDIA202641010000123456", "PDLA202641010000123456"),
    ],
)
def test_where_the_grammar_allows_the_twin_as_well_a_person_looks(number: str, candidate: str) -> None:
    found = doubts(letter(CLEAN.replace(POLICY, number)))["policy_number"]
    assert found.value == number
    assert Why.LOOK_ALIKE in found.why
    assert candidate in found.candidates


@pytest.mark.parametrize("number", ["PDAA2O2641010000123456", "PDAA20264l010000123456", "P0AA202641010000123456"])
def test_a_number_that_fits_no_grammar_is_never_mended_and_always_shown(number: str) -> None:
    submission = letter(CLEAN.replace(POLICY, number))
    found = doubts(submission)["policy_number"]
    assert found.value == normalize(submission).value("policy_number") == number.upper()
    assert Why.NO_GRAMMAR in found.why


@pytest.mark.parametrize("number", ["886044170923550155", "QH2026004418", "7747447974377479"])
def test_a_number_of_a_company_whose_grammar_nobody_told_us_is_shown(number: str) -> None:
    assert Why.NO_GRAMMAR in why(letter(CLEAN.replace(POLICY, number)), "policy_number")


def test_what_the_insurers_own_files_confirm_is_not_shown() -> None:
    submission = letter(CLEAN.replace(POLICY, "QH2026004418"), scores={"投诉人": 0.8, PHONE: 0.8})
    assert set(doubts(submission)) == {"policy_number", "phone"}
    assert set(doubts(submission, {"policy_number": "qh 2026004418", "phone": "+8613500000000"})) == {"phone"}


def test_what_a_person_confirmed_is_not_shown_again() -> None:
    submission = letter(CLEAN, scores={PHONE: 0.5})
    record = normalize(submission).with_field("phone", Field(value="+8613592077184", method=Method.STAFF))
    assert doubtful(record, submission) == {}


@pytest.mark.parametrize("warning", ["ink_unread", "lines_unseen", "page_unreadable"])
def test_of_a_page_with_more_on_it_than_was_read_every_value_is_shown(warning: str) -> None:
    found = doubts(letter(CLEAN, warnings=(warning,)))
    assert set(found) == {
        "complainant_name", "phone", "id_number", "policy_number", "claim_number", "address", TEXT,
    }  # fmt: skip
    assert {one.why for one in found.values()} == {(Why.PAGE_TROUBLE,)}


def test_where_a_number_is_missing_and_lines_were_lost_the_whole_letter_is_shown() -> None:
    found = doubts(letter("投诉人：王建国\n你们车险拒赔，我要求赔付8600元。", warnings=("lines_unseen",)))
    assert {"phone", "id_number", "policy_number", TEXT} <= set(found)
    assert found[TEXT].places == found["phone"].places
    assert found[TEXT].places[0].box == (0, 0, 1654, 2339)


def test_a_stamp_and_an_unread_picture_among_the_enclosures_trouble_nobody() -> None:
    letters = letter(CLEAN, warnings=("stamped",))
    assert letters.scan is not None
    photo = page(number=2, kind=PageKind.OTHER, warnings=("ink_unread",))
    assert doubts(replace(letters, scan=replace(letters.scan, pages=(*letters.scan.pages, photo)))) == {}


def test_an_id_number_with_a_wrong_check_digit_is_shown_as_it_stands() -> None:
    found = doubts(letter(CLEAN.replace(ID_NUMBER, ID_NUMBER[:-1] + "5")))["id_number"]
    assert (found.value, found.why, found.candidates) == ("", (Why.CHECK_FAILED,), (ID_NUMBER[:-1] + "5",))
    assert found.places


def test_a_telephone_with_a_digit_too_few_is_shown_as_it_stands() -> None:
    found = doubts(letter(CLEAN.replace(PHONE, PHONE[:-1])))["phone"]
    assert (found.value, found.why, found.candidates) == ("", (Why.NOT_A_NUMBER_PLAN,), (PHONE[:-1],))


@pytest.mark.parametrize(
    ("words", "instead", "name", "code"),
    [
        (POLICY, "PDAA2026+1010000123456", "policy_number", Why.NO_GRAMMAR),
        (PHONE, f"{PHONE}\n邮箱：wangjg163.com", "email", Why.NO_GRAMMAR),
        (PHONE, f"{PHONE}\n信用代码：91320505MA1MXYQK4I", "uscc", Why.CHECK_FAILED),
    ],
)
def test_what_a_heading_announces_and_nobody_can_read_is_shown(words: str, instead: str, name: str, code: str) -> None:
    assert code in why(letter(CLEAN.replace(words, instead)), name)


def test_two_policies_or_two_mobile_numbers_are_shown_a_landline_beside_a_mobile_is_not() -> None:
    two = CLEAN.replace(PHONE, f"{PHONE}\n保单号PDAA202641010000654321\n电话13913218855")
    found = doubts(letter(two))
    assert found["policy_number"].candidates == ("PDAA202641010000654321",)
    assert found["phone"].why == (Why.SEVERAL,)
    assert doubts(letter(CLEAN.replace(PHONE, f"{PHONE}，0512-65432100"))) == {}


def test_a_text_layer_has_no_recogniser_to_doubt() -> None:
    text = CLEAN.replace(POLICY, "QH2026004418")
    assert doubts(letter(text, by="text_layer", scores={"投诉人": 0.1}, looks={PHONE: "1"})) == {}


def test_an_address_that_nothing_calls_ones_own_is_shown() -> None:
    text = CLEAN.replace(f"联系地址：{HOME}\n", "").replace("至今", "我的家江苏省苏州市姑苏区平江路12号，至今")
    assert Why.WEAK_RULE in why(letter(text), "address")


@pytest.mark.parametrize("mail", ["zhao_19525@163.com", "wang1ei@qq.com", "chen.006641@163.com"])
def test_an_email_in_which_nobody_can_tell_a_letter_from_a_digit_is_shown(mail: str) -> None:
    assert Why.LOOK_ALIKE in why(letter(CLEAN.replace(PHONE, f"{PHONE}\n邮箱：{mail}")), "email")


@pytest.mark.parametrize("mail", ["wangjianguo@163.com", "86512345@qq.com", "wang7@163.com"])
def test_an_email_of_letters_or_of_digits_is_not(mail: str) -> None:
    assert doubts(letter(CLEAN.replace(PHONE, f"{PHONE}\n邮箱：{mail}"))) == {}


def test_a_value_that_stands_on_no_line_is_shown() -> None:
    submission = replace(letter(CLEAN), scan=Scan(pages=()))
    assert doubts(submission)["phone"].why == (Why.UNPLACED,)


def test_a_value_over_two_lines_is_shown_when_one_of_them_is_poor() -> None:
    first, second = "保单号PDAA2026410100", "00123456，要求赔付车险。投诉人：王建国"
    text = first + second
    for score in (0.99, 0.7):
        lines = (line(first, 0, 0), line(second, 1, len(first), score=score))
        found = doubts(on_pages(text, [page(*lines)])).get("policy_number")
        assert (found.why if found else ()) == ((Why.LOW_SCORE,) if score < 0.9 else ())
        assert found is None or len(found.places) == 2


@given(
    st.lists(st.text(alphabet="保单号PDAA0O1lI2026投诉人：王建国138电话 \n身份证X@.", max_size=40), max_size=6),
    st.lists(st.text(alphabet="PDAA0O1lI2026王国138", max_size=300), max_size=4),
    st.floats(min_value=0, max_value=1),
)
def test_whatever_was_read_is_judged_without_fault(written: list[str], others: list[str], score: float) -> None:
    lines, start = [], 0
    for number, words in enumerate(written):
        lines.append(line(words, number, start, score=score, others=tuple(others)))
        start += len(words)
    found = doubts(on_pages("".join(written), [page(*lines)]))
    assert set(found) <= {*JUDGED, TEXT}
    assert all(isinstance(one, Doubt) and one.why and one.value not in one.candidates for one in found.values())


def test_a_name_seen_clearly_under_the_letter_is_not_doubted_for_an_unclear_line_above() -> None:
    read = letter(CLEAN)
    assert read.scan is not None
    first = read.scan.pages[0]
    lines = tuple(replace(one, score=0.9) if "本人王建国" in one.text else one for one in first.lines)
    again = replace(read, scan=replace(read.scan, pages=(replace(first, lines=lines), *read.scan.pages[1:])))
    assert "complainant_name" not in doubts(again)
