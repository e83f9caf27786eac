"""Looking at a printed letter as its reader does."""

from __future__ import annotations

from channels.letter.printing.checks import WINDOW
from channels.letter.printing.pages import Area, read_pages, spelled
from channels.letter.printing.values import PrintedLetter

BELOW_THE_FOLD = Area(left=0, top=99, right=210, bottom=280)


def words_on(printed: PrintedLetter, page: int = 0) -> str:
    """All that stands on a page, without spaces."""
    return spelled(read_pages(printed.pdf)[page].signs)


def all_words(printed: PrintedLetter) -> str:
    return "".join(spelled(page.signs) for page in read_pages(printed.pdf))


def in_the_window(printed: PrintedLetter, page: int = 0) -> str:
    return spelled(read_pages(printed.pdf)[page].within(WINDOW))


def below_the_fold(printed: PrintedLetter, page: int = 0) -> str:
    return spelled(read_pages(printed.pdf)[page].within(BELOW_THE_FOLD))
