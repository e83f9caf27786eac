"""What stands on a page and is not the letter's: page numbers, a fax machine's line, a printed head on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from normalizer.record import ScanLine, ScanPage

OUTER = 0.09  # of the page's height at its top and bottom
_NUMBERED = re.compile(
    r"第\s*[\d一二三四五六七八九十]{1,3}\s*[页頁張张](?:\s*[,，/]?\s*[共(（]\s*[\d一二三四五六七八九十]{1,3}\s*[页頁張张]?[)）]?)?"
    r"|[-—–~·\s]*\d{1,3}[-—–~·\s]*|\d{1,3}\s*/\s*\d{1,3}|[Pp]age\s*\d{1,3}(?:\s*of\s*\d{1,3})?|[Pp]\.?\s*\d{1,3}(?:/\d{1,3})?"
)
_FAXED = re.compile(
    r"(?:FROM|TO|FAX|传真|發送|发送)\s*(?:NO|号)?\s*[.:：].*|.*\bP[.:]?\s*\d{1,3}(?:/\d{1,3})?\s*$", re.IGNORECASE
)


def furniture(pages: Sequence[ScanPage]) -> frozenset[tuple[int, int]]:
    """Page and line, counted from nought, of all that belongs to no text."""
    heads = _heads(pages)
    return frozenset(
        (place, index)
        for place, page in enumerate(pages)
        for index, line in enumerate(page.lines)
        if _is_furniture(page, line, heads)
    )


def _is_furniture(page: ScanPage, line: ScanLine, heads: frozenset[str]) -> bool:
    text = line.text.strip()
    if not text:
        return True
    if _top(page, line):
        return bool(_NUMBERED.fullmatch(text) or _FAXED.fullmatch(text)) or text in heads
    return _bottom(page, line) and bool(_NUMBERED.fullmatch(text))


def _heads(pages: Sequence[ScanPage]) -> frozenset[str]:
    """Lines at the top of more than one page."""
    seen = Counter(text for page in pages for text in {line.text.strip() for line in page.lines if _top(page, line)})
    return frozenset(text for text, times in seen.items() if times > 1)


def _top(page: ScanPage, line: ScanLine) -> bool:
    return line.box[3] < page.height * OUTER


def _bottom(page: ScanPage, line: ScanLine) -> bool:
    return line.box[1] > page.height * (1 - OUTER)
