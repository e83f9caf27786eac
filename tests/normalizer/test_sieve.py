"""A sieve may let through what does not match; it never holds back what does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.extract import address, cues, dates, organisations, respondent, roles
from normalizer.sieve import Sieve, first, needed

PATTERNS = [
    *(pattern for _, pattern in roles.patterns()),
    *(pattern for _, pattern in cues.patterns()),
    *(pattern for _, pattern, _ in respondent.ways()),
    *(pattern for _, pattern, _ in dates.FINDERS),
    *address.patterns(),
    organisations.ANY_KIND,
]
SIEVE = Sieve(all=PATTERNS)


@given(st.data())
def test_no_pattern_is_held_back_from_a_text_that_it_matches(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(PATTERNS) - 1))
    text = data.draw(st.from_regex(PATTERNS[number]))
    assert number in SIEVE.passing(text)["all"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?:我|俺)是[^，]{0,3}(?:爸爸|爸|妈)", [{"我是", "俺是"}, {"爸", "妈"}]),
        ("x{2,}y", [{"x"}, {"y"}]),
        ("a?b*", []),
        ("(?i)ab", []),
        ("(?i:a)b", [{"b"}]),
        (r"\d岁(?!了)", [{"岁"}]),
    ],
)
def test_the_words_a_pattern_cannot_do_without(pattern: str, words: list[set[str]]) -> None:
    assert needed(pattern) == [words]


def test_a_pattern_without_such_words_is_always_tried() -> None:
    assert Sieve(any=[r"\d", "保单"]).passing("没有") == {"any": [0]}


def test_of_two_alternatives_the_one_that_stands_first_is_found_then_the_one_given_first() -> None:
    later, short, long = re.compile("投诉"), re.compile("我"), re.compile("我要")
    found = first([later, short, long], "我要投诉")
    assert found is not None
    assert found[0] == "我"
