"""Complaint numbers: TS + yymmdd + sequence of the day (5) + check digit (ISO 7064 Mod 11,10 over the digits)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from types import ModuleType

from normalizer.extract.numerals import DIGITS

SEQUENCES = 99_999
WRITTEN = re.compile(r"(?<![A-Za-z])[Tt]\s?[Ss][\s:-]*((?:\d[\s-]?){11}\d)(?!\d)")
BARE = re.compile(r"(?<![0-9A-Za-z])(?:\d[\s，,、.-]?){11}\d(?![0-9A-Za-z])")
LETTER = re.compile("[TtＴｔ]")  # without one no number is written out in full
SPOKEN = "零幺二三四五六七八九"
FOLD = {ord(word): digit for word, digit in DIGITS.items()} | {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)
}


@cache
def _check() -> ModuleType:
    from stdnum.iso7064 import mod_11_10  # 50 ms, at first use

    module: ModuleType = mod_11_10
    return module


def make_number(day: date, sequence: int) -> str:
    """The number of the ``sequence``-th complaint (1…99999) of a Shanghai day; ValueError outside that range."""
    if not 1 <= sequence <= SEQUENCES:
        raise ValueError(f"sequence {sequence} is outside 1..{SEQUENCES}")
    digits = f"{day:%y%m%d}{sequence:05d}"
    return f"TS{digits}{_check().calc_check_digit(digits)}"


def parse_number(text: str) -> str | None:
    """The first verified number in ``text`` (TS… or the 12 digits alone, written, keyed or spoken), else None."""
    found = all_numbers(text, bare=True)
    return found[0] if found else None


def all_numbers(text: str, *, bare: bool = False) -> tuple[str, ...]:
    """Every verified number, in order; ``bare``: also twelve digits without TS."""
    if not bare and not LETTER.search(text):
        return ()
    folded = text.translate(FOLD)
    candidates = [m[1] for m in WRITTEN.finditer(folded)]
    if bare:
        candidates += [m[0] for m in BARE.finditer(folded)]
    verified = (_verified(re.sub(r"\D", "", candidate)) for candidate in candidates)
    return tuple(dict.fromkeys(number for number in verified if number))


def digits_of(number: str) -> str:
    """The twelve digits that a caller keys in."""
    return number.removeprefix("TS")


def spoken_number(number: str) -> str:
    """For reading aloud: 二六幺幺零二 零零零零 幺七三二."""
    digits = "".join(SPOKEN[int(d)] for d in digits_of(number))
    return " ".join(digits[i : i + 4] for i in range(0, 12, 4))


def _verified(digits: str) -> str | None:
    if not _check().is_valid(digits):
        return None
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
    return f"TS{digits}"
