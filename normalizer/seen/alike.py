"""Characters that print confuses, where the twin would make as good a value."""

from __future__ import annotations

from collections.abc import Iterator

from normalizer.extract.grammars import CONTRACTS, grammar_of
from normalizer.rulebook import cached_rule, rules

SEPARATORS = " -.()\n\r\t"


@cached_rule
def _twins() -> dict[str, str]:
    """Each confusable character with those it may have been."""
    twins: dict[str, str] = {}
    for group in rules("identifiers")["scan"]["look_alike"]:
        for one in group:
            twins[one] = twins.get(one, "") + group.replace(one, "")
    return twins


def readings(name: str, value: str, written: str) -> list[str]:
    """What a value may be as well, one character read as its twin; ``written``: as it stands on paper.

    Of a contract's number whose grammar settles letters and digits nothing is left.
    """
    if name in CONTRACTS:
        return _of_contract(value, written)
    return list(_of_mail(value)) if name == "email" else []


def _of_contract(value: str, written: str) -> list[str]:
    kind, printed = grammar_of(value), _as_printed(value, written)
    fitting = [other for _, other in _exchanged(value, printed) if grammar_of(other)]
    return (
        fitting
        if kind or fitting
        else [other for place, other in _exchanged(value, printed) if _is_mixed(value, place)]
    )


def _as_printed(value: str, written: str) -> str:
    """The value with the case of the paper, which tells l from L; the value itself where more than that differs."""
    marks = SEPARATORS.replace("-", "") if "-" in value else SEPARATORS
    bare = "".join(character for character in written if character not in marks)
    return bare if bare.upper() == value.upper() else value


def _exchanged(value: str, printed: str) -> Iterator[tuple[int, str]]:
    for place, character in enumerate(printed):
        twins = dict.fromkeys(_twins().get(character, "").upper())
        yield from ((place, value[:place] + twin + value[place + 1 :]) for twin in twins if twin != value[place])


def _of_mail(value: str) -> Iterator[str]:
    """wang1ei, li_l989; nobody writes such an address in capitals, so that 8 is no B."""
    name, host = value[: value.find("@")], value[value.find("@") :]
    for place, character in enumerate(name):
        for twin in _twins().get(character, ""):
            if twin == twin.lower() and twin.isdigit() != character.isdigit() and _is_mixed(name, place):
                yield name[:place] + twin + name[place + 1 :] + host


def _is_mixed(value: str, place: int) -> bool:
    """Whether a character of the other sort is beside: there nobody can tell a letter from a digit."""
    before = [one for one in value[:place] if one.isalnum()][-1:]
    after = [one for one in value[place + 1 :] if one.isalnum()][:1]
    return any(one.isdigit() != value[place].isdigit() for one in before + after)
