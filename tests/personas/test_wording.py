"""Every phrase, read as a person reads it: questions ask for what they mean, statements ask for nothing."""

from __future__ import annotations

import pytest

from gateway.intake.phrases import phrases
from tests.personas.player import fields_of, kind_of

WORDS = phrases("zh-Hans")
VALUES = {
    "number": "TS261123000018",
    "numbers": "TS261123000018、TS261123000026",
    "org": "国诚保险",
    "what": "事项：理赔给付；投诉人：何*军；电话：137******62",
    "due": "12月8日",
    "date": "11月23日",
    "until": "11月26日",
    "label": "正在调查核实",
    "note": "经核实，差额已补付。",
    "value": "何*军",
    "first": "138******78",
    "second": "139******10",
}

ASKED = {
    "matter": "matter",
    "matter_again": "matter",
    "request": "request",
    "request_again": "request",
    "complainant_name": "name",
    "complainant_name_again": "name",
    "complainant_name_agent": "name",
    "complainant_name_organisation": "org_name",
    "contact": "phone",
    "contact_again": "phone",
    "policy_number": "policy_number",
    "evidence": "evidence",
    "documents_agent": "documents",
    "documents_heir": "documents",
    "documents_legal_representative": "documents",
    "documents_organisation": "documents",
    "correct": "phone",
    "case_number": "case_number",
    "last_four": "phone_last4",
}

# Said to mean a question: an invitation, which complaint or which of two values is meant, what a mail lacks.
WHICH = ("which_one", "which_alike")
MEANT_TO_ASK = frozenset(
    {"welcome", "away_ready", "withdraw_which", "list_head", "list_head_optional", "stranger", *WHICH}
)


@pytest.mark.parametrize("key", WORDS.keys("ask"))
def test_a_question_is_read_as_what_it_means(key: str) -> None:
    assert fields_of(WORDS.get("ask", key, **VALUES | {"label": "联系电话"}))[0] == ASKED[key]


@pytest.mark.parametrize("key", sorted(set(WORDS.keys("say")) - MEANT_TO_ASK))
def test_a_statement_asks_for_nothing(key: str) -> None:
    text = WORDS.get("say", key, **VALUES)
    assert not fields_of(text), f"{text} reads as {kind_of(text)}"


@pytest.mark.parametrize("key", WHICH)
def test_being_asked_which_of_two_numbers_is_right_is_understood(key: str) -> None:
    assert fields_of(WORDS.get("say", key, **VALUES | {"label": "联系电话"})) == ["phone"]


@pytest.mark.parametrize("danger", ["self_harm", "safety", "group", "disaster"])
def test_calm_words_are_no_form(danger: str) -> None:
    text = "\n".join(WORDS.get("say", key, **VALUES) for key in (f"calm_{danger}", "paged_number"))
    assert kind_of(text) == "handed"


def test_being_asked_whether_to_withdraw_is_understood() -> None:
    assert kind_of(WORDS.get("say", "withdraw_confirm", **VALUES)) == "withdraw_confirm"


def test_news_of_a_withdrawal_ends_the_talk() -> None:
    assert kind_of(WORDS.get("say", "withdrawn", **VALUES)) == "withdrawn"


def test_the_call_back_asks_for_a_score() -> None:
    assert fields_of(WORDS.get("push", "FOLLOW_UP", **VALUES)) == ["rating"]


# The rules of persona.py know simplified characters only, so these must be words that both scripts share.
@pytest.mark.parametrize("key", ["matter", "matter_again", "request", "request_again", "complainant_name"])
def test_a_person_who_writes_traditional_characters_understands_the_blocking_questions(key: str) -> None:
    assert fields_of(phrases("zh-Hant").get("ask", key, **VALUES))[0] == ASKED[key]
