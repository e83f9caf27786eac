"""To which open case a mail says it belongs, and by what. A claim, never a proof of who writes.

| by               | what                                                                                    |
|------------------|-----------------------------------------------------------------------------------------|
| plus_address     | a recipient of ours with a number behind the plus                                       |
| in_reply_to      | In-Reply-To or References names one of our Message-IDs, ``<ack.NUMBER.n@our domain>``     |
| returned_message | a bounce brings our mail back, with its Message-ID                                      |
| returned_subject | a bounce names the subject of our mail only                                             |
| subject, body    | the number stands there                                                                 |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

NUMBER = re.compile(r"(?<![A-Za-z0-9])T[\s-]?S[\s:：#-]?(\d{6})[\s-]?(\d{6})(?!\d)", re.I)
_SPOKEN = re.compile(
    r"(?:编号|編號|单号|單號|案号|案號|受理号|受理號|投诉号|投訴號)[为為是:：\s]{0,3}(\d{6})[\s-]?(\d{6})(?!\d)"
)
PROVING = {"plus_address", "in_reply_to", "returned_message"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """The case a mail names. ``others``: numbers of further cases it also names, which only a person can sort out."""

    token: str = ""
    by: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """The mail answers one of our own messages, not only a number somebody may have seen."""
        return bool(PROVING.intersection(self.by))


def numbers_in(text: str, *, spoken: bool = False) -> tuple[str, ...]:
    """Complaint numbers in a text, with their letters; ``spoken`` also without, after 编号 and the like."""
    plain = unicodedata.normalize("NFKC", text[:200_000])
    found = [(match.start(), match[1] + match[2]) for match in NUMBER.finditer(plain)]
    if spoken:
        found += [(match.start(), match[1] + match[2]) for match in _SPOKEN.finditer(plain)]
    return tuple(dict.fromkeys(f"TS{digits}" for _, digits in sorted(found) if _is_a_day(digits)))


def _is_a_day(digits: str) -> bool:
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31


def number_of_message_id(message_id: str, domain: str) -> str:
    """The number that one of our own Message-IDs carries."""
    local, _, host = message_id.strip("<> ").rpartition("@")
    if host.lower() != domain.lower():
        return ""
    return next(iter(numbers_in(local.replace(".", " "))), "")


def number_of_plus_address(recipient: str, address: str) -> str:
    local, _, domain = recipient.lower().rpartition("@")
    name, _, plus = local.partition("+")
    if f"{name}@{domain}" != address.lower():
        return ""
    return next(iter(numbers_in(plus.replace(".", " "))), "")


def claim(found: Iterable[tuple[str, Iterable[str]]]) -> Claim:
    """The first number decides, all places that name it are told. ``found``: places in order of trust with numbers."""
    token, by, others = "", [], []
    for place, numbers in found:
        for number in numbers:
            token = token or number
            if number == token:
                by.append(place)
            elif number not in others:
                others.append(number)
    return Claim(token=token, by=tuple(dict.fromkeys(by)), others=tuple(others))
