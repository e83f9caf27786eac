"""Pages become letters: read, judged, packed one by one, then parted and put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.meaning.codes import find_codes, glance, search_codes
from channels.letter.reading.meaning.ink import ink_of
from channels.letter.reading.meaning.kinds import Verdict, expects_code, judge
from channels.letter.reading.meaning.leaf import Leaf
from channels.letter.reading.meaning.letters import Reading, letter_of
from channels.letter.reading.meaning.likeness import phash16
from channels.letter.reading.meaning.marks import marks_of
from channels.letter.reading.meaning.ours import is_ours, is_separator
from channels.letter.reading.meaning.packing import packed
from channels.letter.reading.meaning.splitting import split
from channels.letter.reading.meaning.text import READ
from channels.letter.reading.values import Sheet, Upright
from normalizer.record import PageKind

UNREADABLE = "page_unreadable"  # the file's page could not be decoded: its place is kept
UNREAD = "page_unread"  # the page could be seen, but reading it failed
IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


class Reads(Protocol):
    """Whoever reads a page; see ``sight.eyes``."""

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, str]: ...

    def read(self, sheet: Sheet) -> Upright: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRead:
    """A page of the file is done."""

    number: int


class FileReader:
    """Reads one file after the other; keeps nothing of one for the next."""

    def __init__(self, eyes: Reads, limits: FileLimits) -> None:
        self._eyes, self._limits = eyes, limits

    def read(self, content: bytes) -> Iterator[PageRead | Reading]:
        """A PageRead as each page is done, and last the Reading. Raises Unopened."""
        leaves: list[Leaf] = []
        with open_file(content, self._limits) as opened:
            for sheet in opened.sheets():
                leaves.append(self._leaf(sheet, _before(leaves)))
                yield PageRead(number=sheet.number)
            yield self._whole(leaves, opened.pages, opened.form)

    def _whole(self, leaves: list[Leaf], pages: int, form: str) -> Reading:
        letters = (letter_of(letter, self._eyes.name, self._eyes.settings) for letter in split(leaves))
        return Reading(letters=tuple(letters), pages=pages, form=form)

    def _leaf(self, sheet: Sheet, before: PageKind | None) -> Leaf:
        """The page read, judged and packed; a sheet of ours between two letters need not be read."""
        glanced = tuple(code.text for code in glance(sheet.picture))
        if any(map(is_separator, glanced)):
            kind = PageKind.SEPARATOR
            return Leaf(page=packed(_unread(sheet), kind), codes=glanced, why=(f"code {kind}",))
        return _judged(self._read(sheet), before)

    def _read(self, sheet: Sheet) -> Upright:
        """One bad page must not cost the letter: it is kept unread, and staff are told."""
        try:
            return self._eyes.read(sheet)
        except MemoryError:
            raise
        except Exception:  # models and image libraries raise what they like
            unread = _unread(sheet)
            return replace(unread, warnings=(*unread.warnings, UNREAD))


def _before(leaves: list[Leaf]) -> PageKind | None:
    """What the last page of the same letter was; its blank backs do not count."""
    for leaf in reversed(leaves):
        if leaf.kind is not PageKind.BLANK:
            return None if leaf.kind is PageKind.SEPARATOR else leaf.kind
    return None


def _unread(sheet: Sheet) -> Upright:
    return Upright(
        number=sheet.number,
        picture=sheet.picture,
        dpi=sheet.dpi,
        rotation=0,
        to_original=IDENTITY,
        lines=(),
        by="nothing",
        bilevel=sheet.bilevel,
        warnings=sheet.warnings,
    )


def _judged(page: Upright, before: PageKind | None) -> Leaf:
    plain = packed(page, PageKind.OTHER)
    codes = tuple(code.text for code in find_codes(page.picture))
    if expects_code(plain.lines) and not any(map(is_ours, codes)):
        codes += tuple(code.text for code in search_codes(page.picture))
    verdict = _verdict(page, judge(plain.lines, ink_of(page.picture, page.dpi), codes, before))
    return Leaf(
        page=replace(plain, kind=verdict.kind),
        codes=codes,
        marks=marks_of(page) if verdict.kind in READ else frozenset(),
        likeness=phash16(page.picture) if verdict.kind is PageKind.LETTER else "",
        why=verdict.why,
    )


def _verdict(page: Upright, verdict: Verdict) -> Verdict:
    """A page that nobody could read is no blank page."""
    lost = {UNREADABLE, UNREAD}.intersection(page.warnings)
    if lost and verdict.kind is PageKind.BLANK:
        return Verdict(kind=PageKind.OTHER, why=tuple(lost))
    return verdict
