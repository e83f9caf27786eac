"""May we go along with each package under GPL-3.0-or-later? By its licence as it says itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

RULES = Path(__file__).with_name("licences.toml")
UNKNOWN = ""
LONGEST = 60  # characters of a licence's name; more is its text
_TOKEN = re.compile(r"\(|\)|\bAND\b|\bOR\b|[^\s()]+(?:\s+WITH\s+[^\s()]+)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """``names`` are what packages call their licence → SPDX; ``decided`` is by package, where that cannot be told."""

    compatible: frozenset[str]
    names: Mapping[str, str]
    decided: Mapping[str, str]


def read_rules(file: Path = RULES) -> Rules:
    told: Any = tomllib.loads(file.read_text("utf-8"))
    if unexplained := [name for name, each in told["decided"].items() if not each.get("reason")]:
        raise ValueError(f"decided without a reason: {', '.join(unexplained)}")
    return Rules(
        compatible=frozenset(told["compatible"]),
        names={name.casefold(): spdx for name, spdx in told["names"].items()},
        decided={name: each["licence"] for name, each in told["decided"].items()},
    )


def licence_of(name: str, rules: Rules) -> str:
    """An SPDX expression; empty when nobody can tell."""
    if name in rules.decided:
        return rules.decided[name]
    try:
        return next(_told(metadata(name), rules), UNKNOWN)
    except PackageNotFoundError:
        return UNKNOWN


def _told(about: PackageMetadata, rules: Rules) -> Iterator[str]:
    """The expression of PEP 639 comes first, then what older packages have, then their own words."""
    yield from about.get_all("License-Expression") or ()
    classes = [each.rpartition("::")[2].strip() for each in about.get_all("Classifier") or () if each[:7] == "License"]
    words = " ".join(about.get_all("License") or ()).strip()
    for each in (*classes, words if len(words) <= LONGEST else ""):
        if each.casefold() in rules.names:
            yield rules.names[each.casefold()]
    if words in rules.compatible:
        yield words


def is_compatible(expression: str, rules: Rules) -> bool:
    """All parts of an AND, one of an OR. An expression that is none is not."""
    tokens = _TOKEN.findall(expression)
    try:
        result = _any(tokens, rules)
    except IndexError:
        return False
    return result and not tokens


def _any(tokens: list[str], rules: Rules) -> bool:
    result = _all(tokens, rules)
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        result |= _all(tokens, rules)
    return result


def _all(tokens: list[str], rules: Rules) -> bool:
    result = _one(tokens, rules)
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        result &= _one(tokens, rules)
    return result


def _one(tokens: list[str], rules: Rules) -> bool:
    token = tokens.pop(0)
    if token != "(":
        return token in rules.compatible
    result = _any(tokens, rules)
    tokens.pop(0)
    return result
