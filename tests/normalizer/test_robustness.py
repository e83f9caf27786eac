"""No input breaks the normalizer, and no value is invented."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.lexicon import Lexicon, expand
from normalizer.normalize import normalize
from normalizer.record import Complaint
from normalizer.rulebook import RULE_FILES, rules, versions
from normalizer.text import fold
from tests.eval.cases import CASES, read
from tests.normalizer.talking import said

WORDS = (
    "我叫",
    "王建国",
    "电话",
    "保单号",
    "2026年",
    "7月12号",
    "上周六",
    "三万六",
    "块5",
    "退保",
    "不给退",
    "尽快",
    "请",
)
NUMBERS = ("13812345678", "幺三八零零", "8860 2201", "¥1,200.00", "TS", "０１２", "l3800O", "岁", "有限公司")
MARKS = ("，", "。", "\n", "    ", "😡", "\x00", "(", "“", "@", "的", "絕說")
PIECES = st.sampled_from((*WORDS, *NUMBERS, *MARKS))
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=24).map("".join))
CHANNELS = st.sampled_from(["wechat", "phone", "email", "letter", "web"])
ASKED = st.sampled_from(
    [None, "complainant_name", "phone", "request", "matter", "policy_number", "case_number", "last_four"]
)


def every_field(record: Complaint) -> list[tuple[str, str]]:
    one = [(name, field.source) for name, field in record.fields.items()]
    return one + [("list", field.source) for field in (*record.amounts, *record.dates, *record.flags)]


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, subject=TEXTS, channel=CHANNELS, asked=ASKED)
def test_whatever_arrives_becomes_a_record_whose_words_are_the_customers(
    text: str, subject: str, channel: str, asked: str | None
) -> None:
    subject = " ".join(subject.split())
    record = normalize(said(text, channel=channel, subject=subject), asked=asked)
    again = normalize(said(text, channel=channel), record, asked=asked)
    for _, source in every_field(record):
        assert source in f"{subject}\n{text}"
    assert again.missing is not None


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_every_value_of_the_cases_carries_its_words_and_place() -> None:
    for case in read(CASES / "own_normalizer.jsonl"):
        submission = said(case.text, channel=case.channel, subject=case.line.get("subject", ""))
        for field in normalize(submission).fields.values():
            part = submission.subject if field.span and field.span.part == "subject" else submission.text
            assert field.span is None or part[field.span.start : field.span.end] == field.source


def test_every_rules_file_has_a_version_and_a_day_from_which_it_holds() -> None:
    assert set(versions()) == set(RULE_FILES)
    assert all("effective_from" in rules(name) for name in RULE_FILES)


def test_the_cue_language() -> None:
    assert expand("{没|未}到账") == ["没到账", "未到账"]
    lexicon = Lexicon([("t", "理赔……没", 1), ("n", "12345", 1)])
    assert [hit.tag for hit in lexicon.scan("理赔两个月了还没到")] == ["t"]
    assert lexicon.scan("理赔了。没事") == []  # not across a sentence
    assert lexicon.scan("保单号9912345678") == []  # not inside a number
