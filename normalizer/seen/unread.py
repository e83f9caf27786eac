"""Numbers that a letter announces and that cannot be what it calls them: misread, or miswritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from normalizer.extract.grammars import CONTRACTS, grammar_of
from normalizer.extract.phones import e164
from normalizer.extract.runs import SPACES, Run, id_is_valid, runs
from normalizer.record import Complaint, Span
from normalizer.rulebook import cached_rule, rules
from normalizer.seen.reasons import Why
from normalizer.text import Found, Reading

ID_LIKE = re.compile(r"[0-9A-Za-z]{6}(?:19|20|l9|I9|2O|2o)[0-9A-Za-z]{9,11}")
PHONE_LENGTHS = range(9, 14)  # digits; 95518 and 12378 are nobody's own
HAN = re.compile("[一-鿿]")
NUMBER = r"(?P<v>(?=(?:[^\s，。;]*\d){6})[^\s，。;:一-鿿]{8,40})"
CODE = re.compile(r"信用代码(?:证?号码?)?[\s:]{0,6}(?P<v>[0-9A-Za-z]{15,20})(?![0-9A-Za-z])")
MAIL = re.compile(
    r"(?:邮箱|邮件|[Ee]-?mail)(?:地址)?[: ]{1,3}(?P<v>(?![^\s，。;]{0,40}@)[0-9A-Za-z._-]{2,40}\.(?:com|cn|net)\b)"
)


NAME = re.compile(r"(?:投诉人|申诉人|申请人|反映人|姓名)(?:姓名|签名|签字)?[: ]{1,4}(?P<v>[一-鿿·]{2,5})(?![一-鿿])")
WHY = {"uscc": Why.CHECK_FAILED, "complainant_name": Why.RARE_NAME}


class Unread(NamedTuple):
    """A number that did not become a value of the record."""

    name: str
    why: Why
    written: str
    span: Span


def unread(record: Complaint, reading: Reading) -> Iterator[Unread]:
    """At most one for each field that the record lacks."""
    for name, why, start, end in (*_of_runs(reading), *_announced(reading)):
        if not record.value(name):
            field = reading.field(Found(value="", start=start, end=end, rule=name))
            yield Unread(name, why, field.source, field.span or Span(start=0, end=0))


def _of_runs(reading: Reading) -> Iterator[tuple[str, Why, int, int]]:
    found = runs(reading)
    for name, why, is_one in (("id_number", Why.CHECK_FAILED, _is_id), ("phone", Why.NOT_A_NUMBER_PLAN, _is_phone)):
        yield from ((name, why, run.start, run.end) for run in [one for one in found if is_one(one)][:1])


def _announced(reading: Reading) -> Iterator[tuple[str, Why, int, int]]:
    """What stands behind a heading and is in no form that the heading promises."""
    for name, pattern in _headings():
        if match := pattern.search(reading.flat):
            yield name, WHY.get(name, Why.NO_GRAMMAR), match.start("v"), match.end("v")


@cached_rule
def _headings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    labels = rules("identifiers")["labels"]
    words = {name: sorted(filter(HAN.search, labels[name]), key=len, reverse=True) for name in CONTRACTS}
    numbers = ((name, re.compile(rf"(?:{'|'.join(each)})[: ]{{0,3}}{NUMBER}")) for name, each in words.items())
    return (*numbers, ("uscc", CODE), ("email", MAIL), ("complainant_name", NAME))


def _is_id(run: Run) -> bool:
    plain = SPACES.sub("", run.value)
    if run.label in CONTRACTS or run.label == "other" or id_is_valid(plain.upper()) or grammar_of(plain.upper()):
        return False
    return len(plain) in range(15, 21) if run.label == "id_number" else bool(ID_LIKE.fullmatch(plain))


def _is_phone(run: Run) -> bool:
    digits = sum(character.isdigit() for character in run.value)
    return run.label == "phone" and digits in PHONE_LENGTHS and not e164(run.value) and not grammar_of(run.value)
