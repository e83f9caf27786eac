"""What is looked at on the finished pages: a letter that cannot be read, or shows its matter, must not be posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from channels.letter.printing.faults import Unprintable
from channels.letter.printing.fonts import NoFonts, embedded_name
from channels.letter.printing.pages import Area, Page, spelled
from channels.letter.printing.plain import bare

WINDOW = Area(left=20, top=50, right=105, bottom=90)
SLACK = Area(left=8, top=39, right=117, bottom=101)  # what shows when the sheet slips in its envelope
PAPER = Area(left=24, top=8, right=189, bottom=289)
_PRINTED = ("number", "title", "name", "to", "letterhead", "paragraphs", "sections", "asks", "service")


def check_pages(pages: list[Page], said: Mapping[str, Any]) -> None:
    """Raises Unprintable when a word or the window is not as it must be, NoFonts."""
    _check_fonts(pages, said)
    _check_words(pages, said)
    _check_windows(pages, said)


def signature_alone(pages: list[Page], said: Mapping[str, Any]) -> bool:
    """Does a page begin with the closing words?"""
    beginning = bare(said["letterhead"]["org"] + said["date"] + said["words"]["closing"])
    return any(spelled(page.signs).startswith(beginning) for page in pages[1:])


def _check_fonts(pages: list[Page], said: Mapping[str, Any]) -> None:
    """What is missing is replaced in silence, by a font that was not asked for."""
    expected = tuple(embedded_name(family) for family in said["fonts"]["serif"])
    for name in frozenset[str]().union(*(page.fonts for page in pages)):
        if not name.startswith(expected) or name.endswith("?"):
            raise NoFonts("a letter came out in a font that is not ours")


def _check_words(pages: list[Page], said: Mapping[str, Any]) -> None:
    signs = [sign for page in pages for sign in page.signs]
    there = Counter(spelled(signs))
    if Counter(bare("".join(_texts([said[key] for key in _PRINTED])))) - there:
        raise Unprintable("no_glyph")
    if not all(PAPER.holds(sign.area) for sign in signs):
        raise Unprintable("overflow")


def _check_windows(pages: list[Page], said: Mapping[str, Any]) -> None:
    """The address, whole, in its field, and nothing else that may show; on the slip, ours."""
    if not _shows(pages[0], said["to"]):
        raise Unprintable("window", "address")
    if said["asks"] and not any(_shows(page, said["back"]) for page in pages[1:]):
        raise Unprintable("window", "letterhead")


def _shows(page: Page, addressee: list[dict[str, str]]) -> bool:
    showing = page.within(SLACK)
    wanted = bare("".join(line["text"] for line in addressee))
    return spelled(showing) == wanted and all(WINDOW.holds(sign.area) for sign in showing)


def _texts(said: Any) -> Iterator[str]:
    """Every text in a piece of JSON; what a line of an address is called is not printed."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from _texts([value for key, value in said.items() if key != "kind"])
    else:
        for one in said:
            yield from _texts(one)
