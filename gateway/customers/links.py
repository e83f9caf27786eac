"""Links to the progress page in our messages: signed, for one complaint, and over after a while.

A link opens nothing by itself: it is forwarded, read along and kept by others, so whoever follows it shows the last
four characters all the same. What it gives: no number to type, and tries of its own, so that somebody who guesses at
the number elsewhere shuts nobody out who has our message.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from gateway.customers.seals import mark, minutes, same
from gateway.house import House
from store.values import Case

LASTS = timedelta(days=30)
MARK = 20  # hex digits: 80 bits
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def progress_link(house: House, case: Case) -> str:
    """The page of this complaint; empty where nobody told us our own address."""
    base = house.settings.public_url.rstrip("/")
    return f"{base}/progress?{urlencode({'number': case.number, 't': link_token(house, case.number)})}" if base else ""


def link_token(house: House, number: str) -> str:
    end = _in_letters(minutes(house.clock.now() + LASTS))
    return f"{end}.{_mark(house, number, end)}"


def holds(house: House, number: str, token: str) -> bool:
    """Is it a link of ours to this complaint, and not over?"""
    end, _, signed = token.partition(".")
    if not end.isalnum() or not end.isascii() or len(end) > 8:
        return False
    return same(signed, _mark(house, number, end)) and int(end, 36) >= minutes(house.clock.now())


def _mark(house: House, number: str, end: str) -> str:
    return mark(house, "link", f"{number}|{end}")[:MARK]


def _in_letters(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        letters = DIGITS[digit] + letters
    return letters or "0"
