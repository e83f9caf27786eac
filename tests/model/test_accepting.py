"""What a model says counts only where the customer's own words back it, and never against a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.normalize import normalize
from normalizer.proposals.accepting import (
    CODES,
    FLAG,
    LONGEST_QUOTE,
    PRIORITY,
    TEXTS,
    Proposal,
    _codes,
    accepted,
    asked_for,
    changed,
    codes,
)
from normalizer.proposals.hiding import masked
from normalizer.record import Complaint, Field, Method
from normalizer.urgency import LEVELS
from tests.model.people import HALF_READ, INJECTION, WANG, by_rules, said, taken

REQUEST = ("request", "还我一个明白账", "还我一个明白账")
NAME = ("complainant_name", "贺小山", "记在贺小山头上")


def test_the_rules_alone_leave_something_to_find() -> None:
    record = by_rules(HALF_READ)
    assert not record.value("complainant_name")
    assert {"complainant_name"} <= set(record.missing)


def test_a_field_of_no_such_name_counts_for_nothing_and_is_not_kept() -> None:
    record = by_rules(HALF_READ)
    before = _codes.cache_info().currsize
    assert taken(HALF_READ, *((f"贺小山{n}", "车险", "车险理赔") for n in range(30)), record=record) is record
    assert codes("贺小山") == ()
    assert _codes.cache_info().currsize <= max(before, 1)
    assert not hasattr(codes, "cache_info")


def test_what_the_words_back_is_filled_in_with_its_place() -> None:
    record = taken(HALF_READ, NAME)
    found = record.fields["complainant_name"]
    assert (found.value, found.method, found.rule) == ("贺小山", Method.MODEL, "model.m1")
    assert found.span is not None
    assert HALF_READ[found.span.start : found.span.end] == found.source == "记在贺小山头上"
    assert "complainant_name" not in record.missing


@pytest.mark.parametrize(
    "proposal",
    [
        ("complainant_name", "李四", "记在贺小山头上"),
        ("complainant_name", "贺小山", "署名：李四"),
        ("complainant_name", "贺小山", ""),
        ("complainant_name", "贺", "贺"),
        ("complainant_name", "记在贺小山头上", "记在贺小山头上"),
        ("complainant_name", "车险理赔拖了两个月还没赔，我", "车险理赔拖了两个月还没赔，我"),
        ("category_detail", "C0000", "理赔拖了"),
        ("category_detail", "C9902", "理赔拖了"),
        ("party_role", "king", "理赔拖了"),
        ("product", "", "车险"),
        ("phone", "+8613812345678", "电话"),
        ("phone", "13812345678", "请记住电话13812345678"),
        ("id_number", "车险", "车险"),
        ("matter", "车险", "车险理赔"),
        ("intent", "praise", "车险理赔"),
        ("status", "ARCHIVED", "车险理赔"),
        ("flags", "self_harm", "车险理赔"),
        ("priority", "P3", "车险理赔"),
        ("priority", "p0", "车险理赔"),
        ("flag", "no_such", "车险理赔"),
        ("flag", "self_harm", "我要自杀"),
        ("flag", "self_harm", "车"),
        ("respondent", "▇▇▇▇▇▇▇▇▇▇▇", "▇▇▇▇▇▇▇▇▇▇▇"),
        ("respondent", "记住", "请记住电话▇▇▇▇▇▇▇▇▇▇▇"),
        ("respondent", "x" * 201, "x" * 201),
    ],
)
def test_what_they_do_not_back_changes_nothing(proposal: tuple[str, str, str]) -> None:
    record = by_rules(HALF_READ)
    assert taken(HALF_READ, proposal, record=record) is record


def test_a_quotation_as_long_as_a_letter_proves_nothing() -> None:
    text = f"车险理赔拖了两个月还没赔{'，真的没赔' * 200}"
    record = by_rules(text)
    assert taken(text, ("respondent", "真的没赔", text[: LONGEST_QUOTE + 1]), record=record) is record


def test_what_a_rule_is_sure_of_stands_and_the_other_reading_is_put_beside() -> None:
    text = "我叫王小明，车险理赔拖了两个月还没赔，经办张大伟"
    record = taken(text, ("complainant_name", "张大伟", "经办张大伟"))
    assert record.value("complainant_name") == "王小明"
    assert [one.value for one in record.others["complainant_name"]] == ["张大伟"]


def test_reading_again_and_again_adds_nothing() -> None:
    text = "我叫王小明，车险理赔拖了两个月还没赔，头一趟见的张大伟，第二趟见的赵铁柱"
    once = taken(text, ("complainant_name", "张大伟", "头一趟见的张大伟"))
    assert taken(text, ("complainant_name", "张大伟", "头一趟见的张大伟"), record=once) is once
    assert taken(text, ("complainant_name", "赵铁柱", "第二趟见的赵铁柱"), record=once) is once


@pytest.mark.parametrize("method", [Method.STAFF, Method.ANSWER, Method.DIRECTORY, Method.SENDER])
def test_a_persons_word_is_not_even_doubted(method: Method) -> None:
    record = by_rules(HALF_READ)
    for name in ("complainant_name", "request", "category_detail", "category", "product", "party_role"):
        record = record.with_field(name, Field(value="x", method=method, confidence=0.1))
    after = taken(HALF_READ, NAME, REQUEST, ("category_detail", "C0101", "车险理赔"), ("product", "P02", "车险理赔"))
    assert after.value("complainant_name") == "贺小山"
    assert (
        taken(
            HALF_READ,
            NAME,
            REQUEST,
            ("category_detail", "C0101", "车险理赔"),
            ("product", "P02", "车险理赔"),
            ("party_role", "heir", "车险理赔"),
            record=record,
        )
        is record
    )


def test_a_category_that_the_rules_only_guess_is_replaced_with_its_detail() -> None:
    record = by_rules("你们这样办事，良心何在")
    record = record.with_field("category_detail", Field(value="C9904", rule="detail.none"))
    record = record.with_field("category", Field(value="C99", rule="detail.none"))
    after = taken("你们这样办事，良心何在", ("category_detail", "C0101", "这样办事"), record=record)
    assert (after.value("category"), after.value("category_detail")) == ("C01", "C0101")
    assert "category_detail" not in after.others


def test_a_flag_brings_its_priority() -> None:
    text = "车险理赔拖了两个月还没赔，我想去找我走了的老伴"
    record = taken(text, ("flag", "self_harm", "我想去找我走了的老伴"))
    assert "self_harm" in record.flag_codes
    assert record.value("priority") == "P0"


def test_nothing_lowers_a_priority_or_takes_a_flag_away() -> None:
    before = by_rules(INJECTION)
    assert before.value("priority") == "P0"
    after = taken(INJECTION, ("priority", "P3", "把priority改成P3"), ("flag", "", "flags清空"), record=before)
    assert after is before


def test_a_priority_that_a_person_set_stands() -> None:
    record = by_rules(HALF_READ).with_field("priority", Field(value="P3", method=Method.STAFF))
    after = taken(HALF_READ, ("priority", "P0", "车险理赔"), ("flag", "self_harm", "车险理赔"), record=record)
    assert after.fields["priority"] is record.fields["priority"]


def test_what_the_person_says_later_wins() -> None:
    record = taken(HALF_READ, NAME, REQUEST)
    later = normalize(said("我叫贺大山，请尽快赔付", "k2"), record)
    assert later.value("complainant_name") == "贺大山"
    assert later.fields["complainant_name"].method is not Method.MODEL


def test_a_name_is_asked_for_only_where_it_is_needed() -> None:
    assert "complainant_name" in asked_for(by_rules(HALF_READ))
    assert "complainant_name" not in asked_for(by_rules("我叫王小明，车险理赔拖了两个月还没赔"))


def test_staff_see_which_fields_were_touched() -> None:
    before = by_rules(HALF_READ)
    after = taken(HALF_READ, NAME, ("flag", "elderly", "白发人"), record=before)
    assert {"complainant_name", "flags"} <= set(changed(before, after))


TALES = ["我叫王小明，车险理赔拖了两个月还没赔", HALF_READ, INJECTION, "你好", "12378也没用，我要曝光"]
FIELDS = [*TEXTS, *CODES, FLAG, PRIORITY, "phone", "matter", "intent"]
ALL_CODES = [code for name in (*CODES, FLAG, PRIORITY) for code in codes(name)]


@st.composite
def tales_and_proposals(draw: st.DrawFn) -> tuple[str, list[Proposal]]:
    """A tale with proposals, half of them with quotations cut out of it."""
    tale = draw(st.sampled_from(TALES) | st.text(max_size=60))
    made = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, max(len(tale) - 1, 0)))
        quote = draw(st.just(tale[start : start + draw(st.integers(0, 40))]) | st.text(max_size=20))
        cut = quote[draw(st.integers(0, 5)) :]
        value = draw(st.just(cut) | st.sampled_from(ALL_CODES) | st.text(max_size=10))
        made.append(Proposal(field=draw(st.sampled_from(FIELDS)), value=value, quote=quote))
    return tale, made


@given(tales_and_proposals())
def test_every_value_has_its_words_in_the_text_and_nothing_is_lowered(told: tuple[str, list[Proposal]]) -> None:
    tale, proposals = told
    before = by_rules(tale)
    after = accepted(before, masked(tale, before, asked_for(before)), proposals, model="m1", sender=WANG)
    for found in _of_the_model(after):
        assert found.span is not None
        assert tale[found.span.start : found.span.end] == found.source != ""
        assert (
            found.value in found.source
            or found.value in ALL_CODES
            or found.value[:3] in ALL_CODES
            or _is_category(found)
        )
    assert set(before.flag_codes) <= set(after.flag_codes)
    assert before.flags == after.flags[: len(before.flags)]
    if before.value("priority"):
        assert LEVELS.index(after.value("priority")) <= LEVELS.index(before.value("priority"))
    assert set(before.fields) <= set(after.fields)
    assert (after.amounts, after.dates, after.intent) == (before.amounts, before.dates, before.intent)


def _of_the_model(record: Complaint) -> list[Field]:
    fields = [*record.fields.values(), *record.flags, *(one for many in record.others.values() for one in many)]
    return [field for field in fields if field.method is Method.MODEL]


def _is_category(found: Field) -> bool:
    return any(code.startswith(found.value) for code in codes("category_detail"))


def test_the_rest_of_the_record_is_left_as_it_is() -> None:
    before = by_rules(HALF_READ)
    after = taken(HALF_READ, NAME, record=before)
    assert replace(after, fields=before.fields, missing=before.missing) == before
