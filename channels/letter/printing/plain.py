"""Text on its way to paper: no characters that are not seen, and no number torn apart at the end of a line."""

from __future__ import annotations

import re
import unicodedata

JOINER = "\u2060"
BREAK = "\u200b"
_UNSEEN = {"Cc", "Cf"}  # controls, and marks that turn or hide what follows
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MEASURES = "元块角分万亿年月日号號天个個人周岁歲时時点點页頁份条條款项項期次楼樓室栋棟座层層"
_AMOUNT = re.compile(rf"(?<=[0-9A-Za-z])(?=[{_MEASURES}%％])|(?<=[¥￥$第])(?=[0-9])|(?<=[万亿])(?=元)")
_PHONE = re.compile(r"(?<![0-9])(?:\+?[0-9]{1,4}[ -])?[0-9]{3,4}[ -][0-9]{3,4}(?:[ -][0-9]{3,4})?(?![0-9])")
_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/_.-]{0,38}[A-Za-z0-9])")
_LONGEST = 20
_ENDLESS = re.compile(rf"[!-~]{{{_LONGEST}}}(?=[!-~])")


def plain(text: str) -> str:
    """What is seen of a text, in lines."""
    lined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = (sign for sign in lined if sign == "\n" or unicodedata.category(sign) not in _UNSEEN)
    return _VARIATION.sub("", "".join(seen)).strip()


def lines(text: str) -> list[str]:
    """The lines of a text that have something in them, ready for setting."""
    return [bound(line) for line in (line.strip() for line in plain(text).split("\n")) if line]


def bound(text: str) -> str:
    """A text in which amounts, dates and numbers stay whole, and nothing is too long for any line."""
    joined = _AMOUNT.sub(JOINER, _PHONE.sub(_whole, _NUMBER.sub(_tied, text)))
    return _ENDLESS.sub(lambda run: run[0] + BREAK, joined)


def bare(text: str) -> str:
    """A text without what we, or the setting of type, put between its signs."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign for sign in composed if not sign.isspace() and unicodedata.category(sign) not in _UNSEEN)


def _whole(phone: re.Match[str]) -> str:
    return phone[0].replace(" ", "\u00a0").replace("-", f"-{JOINER}")


def _tied(number: re.Match[str]) -> str:
    """Identifiers break at no hyphen or slash; plain words keep theirs, for English has to wrap."""
    return re.sub(r"([/_-])", rf"\1{JOINER}", number[0]) if any(sign.isdigit() for sign in number[0]) else number[0]
