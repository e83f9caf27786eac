"""Chinese and mixed numbers: 两万三千, 4.35万, 3万六, 二零二六, 肆仟伍佰."""

from __future__ import annotations

import re

DIGITS = {  # 幺, 两, 洞, 拐, 勾 as radio operators and soldiers say them
    **dict.fromkeys("零〇洞", "0"),
    **dict.fromkeys("一幺么壹", "1"),
    **dict.fromkeys("二两贰俩", "2"),
    **dict.fromkeys("三叁仨", "3"),
    **dict.fromkeys("四肆", "4"),
    **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆", "6"),
    **dict.fromkeys("七柒拐", "7"),
    **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖勾", "9"),
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
GROUPS = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}

D = "[一二两三四五六七八九壹贰叁肆伍陆柒捌玖俩仨]"  # a digit that counts
Z = "[零〇]"
G = r"\s?"  # print and wrapped lines part what belongs together


def _grammar() -> str:
    """Numbers as they are said, greatest place first; a last lone digit stands for the next lower place (三千六)."""
    ten, hundred, thousand = "[十拾]", "[百佰]", "[千仟]"
    tens = f"(?:{D}{G})?{ten}(?:{G}{D})?"
    last = f"{G}{D}(?![十百千万拾佰仟])"
    hundreds = f"{D}{G}{hundred}(?:{G}{Z}{G}{D}|{G}{D}{G}{ten}(?:{G}{D})?|{last})?"
    thousands = f"{D}{G}{thousand}(?:{G}{Z}{G}(?:{tens}|{D})|{G}{hundreds}|{last})?"
    below = f"(?:{thousands}|{hundreds}|{tens}|{D})"
    about = f"{D}{D}[十百千万]万?"
    wan = f"{below}{G}万(?:{G}{Z}?{G}{below})?"
    return f"(?:{below}{G}亿(?:{G}{below}{G}万)?|{wan}|{about}|{thousands}|{hundreds}|{tens}|{D})"


SPOKEN_NUMBER = _grammar()  # the text of a regular expression
ABOUT = re.compile(f"({D})({D})([十百千万]万?)$")  # 五六千: from five to six thousand
PRINTED = re.compile(r"(?<![A-Za-z])[\dOolI][\dOolI,.]*(?![A-Za-z])")
PRINT = str.maketrans("OolI", "0011")


def unprinted(text: str) -> str:
    """2O26, 38OO, l2: letters that bad print made of digits are digits again, wherever they stand among digits."""
    return PRINTED.sub(lambda m: m[0].translate(PRINT) if any(c.isdigit() for c in m[0]) else m[0], text)


def spoken_digits(text: str) -> str:
    """幺三八零零 → 13800; characters that are no digits are dropped."""
    return "".join(DIGITS.get(c, c) for c in text if c in DIGITS or (c.isdigit() and c.isascii()))


def number(text: str) -> float | None:
    """The value of a number written in any mixture of digits and Chinese numerals, or None."""
    total = section = 0.0
    current: float | None = None
    last_unit = 1.0
    i = 0
    while i < len(text):
        c = text[i]
        if c.isascii() and (c.isdigit() or c == "."):
            current, i = _plain(text, i, current)
            continue
        if c in DIGITS:
            current = (current or 0) * 10 + int(DIGITS[c]) if _run(text, i) else float(DIGITS[c])
            if c in "零〇":
                last_unit = 1.0
        elif c in UNITS:
            section += (1 if current is None else current) * UNITS[c]
            last_unit, current = UNITS[c], None
        elif c in GROUPS:
            total += (section + (current or 0) or 1) * GROUPS[c]
            section, current, last_unit = 0.0, None, GROUPS[c]
        i += 1
    if current is None:
        return total + section
    # 三万二 means 32000: a lone digit after a unit stands for the next lower place
    tail = current * last_unit / 10 if last_unit >= 100 and current < 10 and current == int(current) else current
    return round(total + section + tail, 4)


def _plain(text: str, i: int, before: float | None) -> tuple[float | None, int]:
    j = i
    while j < len(text) and (text[j].isdigit() or text[j] in ".,"):
        j += 1
    try:
        return float(text[i:j].replace(",", "")), j
    except ValueError:
        return before, j


def _run(text: str, i: int) -> bool:
    """Whether the digit goes on one before it: 二零二六, 一二三."""
    return i > 0 and text[i - 1] in DIGITS and text[i - 1] not in "零〇"


def small(text: str) -> int | None:
    """1…999 in digits or Chinese (二十, 十二, 廿一, 三十一), or None; for days, months, ages and counts."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if text.isdigit() and text.isascii():
        return int(text)
    value = number(text) if text else None
    return int(value) if value is not None else None


def year_of(text: str) -> int | None:
    """二零二六, 2026, 26 → 2026."""
    digits = spoken_digits(text)
    if len(digits) == 4:
        return int(digits)
    return 2000 + int(digits) if len(digits) == 2 else None
