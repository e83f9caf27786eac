"""Why a value read from paper is not taken on trust."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    SEVERAL = "several"  # the letter gives different ones, and nothing tells which is meant
    LOW_SCORE = "low_score"  # the recogniser itself is not sure of the line
    READ_DIFFERENTLY = "read_differently"  # looked at again, these characters came out otherwise
    LOOK_ALIKE = "look_alike"  # a character that print confuses, where its twin would be as good
    NO_GRAMMAR = "no_grammar"  # a number, an address in a form that no rule knows
    CHECK_FAILED = "check_failed"  # ID number, organisation code: the check character is not that of the others
    NOT_A_NUMBER_PLAN = "not_a_number_plan"  # announced as a telephone number, and none exists like it
    UNSIGNED_NAME = "unsigned_name"  # nobody says "I am", or somebody else signs
    CORRECTED_BY_US = "corrected_by_us"  # the record has other characters than the paper, and no check vouches for them
    PAGE_TROUBLE = "page_trouble"  # there is more on the page than was read
    RARE_NAME = "rare_name"  # no surname that we know, or no form that names have
    WEAK_RULE = "weak_rule"  # an address that nothing calls one's own
    UNPLACED = "unplaced"  # no line of the paper holds it


class Judgement(NamedTuple):
    """Reasons for doubt, and what the value may be instead."""

    why: list[Why]
    candidates: list[str]
