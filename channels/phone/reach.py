"""Which ways a telephone number is reached from our account: a table by its first digits, ours and the operator's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import phonenumbers

SHIPPED = Path(__file__).with_name("reach.toml")
MOST_TOLD = 300  # characters of what is wrong with a table
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
PREFIX = re.compile(r"\d{0,15}", re.ASCII)
CHINESE = "+86"
CHINESE_MOBILE = re.compile(r"\+861[3-9]\d{9}", re.ASCII)
AT_HOME = re.compile(r"1[3-9]\d{9}", re.ASCII)  # a mainland mobile as people write it there


class Way(StrEnum):
    SMS = "sms"
    TEMPLATE = "template"
    VOICE = "voice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The table in force."""

    by_prefix: Mapping[str, tuple[Way, ...]]
    without_links: tuple[str, ...]

    def ways(self, number: str) -> tuple[Way, ...]:
        """In which order to try; none for what is no number, as of a caller who withholds theirs."""
        if not E164.fullmatch(number):
            return ()
        digits = number[1:]
        ways = next(
            (self.by_prefix[digits[:end]] for end in range(len(digits), -1, -1) if digits[:end] in self.by_prefix), ()
        )
        if number.startswith(CHINESE) and not CHINESE_MOBILE.fullmatch(number):
            return tuple(way for way in ways if way is Way.VOICE)
        return ways

    def takes_links(self, number: str) -> bool:
        return not number.removeprefix("+").startswith(self.without_links)


def is_landline(number: str) -> bool:
    """Surely one, by the country's numbering plan; texts to it are refused at our cost (Twilio 21614)."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE)


def e164(number: str) -> str:
    """The number as carriers write it; empty when it is none, or could be of several countries."""
    if E164.fullmatch(number):
        return number
    return f"{CHINESE}{number}" if AT_HOME.fullmatch(number) else ""


def load(own: Path | None = None) -> Reach:
    """The shipped table with the operator's laid over it. Raises ValueError when theirs cannot be right."""
    shipped = _read(SHIPPED)
    if own is None:
        return shipped
    laid = _read(own)
    return Reach(
        by_prefix={**shipped.by_prefix, **laid.by_prefix},
        without_links=tuple({*shipped.without_links, *laid.without_links}),
    )


def _read(path: Path) -> Reach:
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        return _reach(told)
    except (OSError, ValueError, RecursionError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise ValueError(f"TOUSU_PHONE_REACH: {path.name}: {str(error)[:MOST_TOLD]}") from error


def _reach(told: Mapping[str, Any]) -> Reach:
    unknown = set(told) - {"ways", "without_links"}
    if unknown:
        raise ValueError(f"knows only [ways] and without_links, not {', '.join(sorted(unknown))}")
    ways, without = told.get("ways", {}), told.get("without_links", [])
    if not isinstance(ways, dict) or not isinstance(without, list):
        raise ValueError("[ways] is a table, without_links a list")
    return Reach(
        by_prefix={_prefix(prefix): _ways(prefix, listed) for prefix, listed in ways.items()},
        without_links=tuple(_prefix(prefix) for prefix in without),
    )


def _prefix(told: object) -> str:
    if not isinstance(told, str) or not PREFIX.fullmatch(told):
        raise ValueError(f'a prefix is digits in quotes, as "852", not {told!r}')
    return told


def _ways(prefix: str, listed: object) -> tuple[Way, ...]:
    known = {way.value for way in Way}
    if not isinstance(listed, list) or not all(isinstance(way, str) and way in known for way in listed):
        raise ValueError(f'"{prefix}" takes a list of {", ".join(sorted(known))}')
    return tuple(dict.fromkeys(Way(way) for way in listed))
