"""A letter becomes pages: pure, heavy, and done in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import typst

from channels.letter.printing.checks import check_pages, signature_alone
from channels.letter.printing.demands import check_letter
from channels.letter.printing.faults import Unprintable
from channels.letter.printing.fonts import find_fonts
from channels.letter.printing.pages import Page, read_pages
from channels.letter.printing.setting import setting
from channels.letter.printing.values import Letterhead, PrintedLetter, ReplyLetter

_TEMPLATES = Path(__file__).parent / "templates"
# Made to last, and refuses to write a page with a character that its fonts do not have.
_ARCHIVAL: Final = "a-2u"


class Renderer:
    """Holds the fonts, which take longer to find than a letter to set."""

    def __init__(self, head: Letterhead) -> None:
        """Raises NoFonts."""
        self._head = head
        self._compiler = typst.Compiler(
            _TEMPLATES / "letter.typ",
            root=_TEMPLATES,
            font_paths=find_fonts(),
            ignore_system_fonts=True,
            package_path=_TEMPLATES,
            package_cache_path=_TEMPLATES,
        )

    def render(self, letter: ReplyLetter) -> PrintedLetter:
        """The letter as PDF, the same for the same letter. Raises Unprintable."""
        check_letter(letter, self._head)
        said = setting(letter, self._head)
        pdf, pages = self._pages(said, letter.written_on)
        if signature_alone(pages, said):
            pdf, pages = self._pages(said | {"alone": True}, letter.written_on)
        check_pages(pages, said)
        return PrintedLetter(pdf=pdf, pages=len(pages))

    def _pages(self, said: dict[str, Any], day: date) -> tuple[bytes, list[Page]]:
        pdf = self._set(said, day)
        return pdf, read_pages(pdf)

    def _set(self, said: Mapping[str, Any], day: date) -> bytes:
        try:
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"data": json.dumps(said, ensure_ascii=False)},
                pdf_standards=_ARCHIVAL,
                timestamp=datetime.combine(day, time(), UTC),
            )
        except typst.TypstError as error:
            raise Unprintable(_code(error)) from None  # its words quote the letter
        except UnicodeEncodeError:
            raise Unprintable("no_glyph") from None
        assert isinstance(made, bytes)
        return made


def _code(error: typst.TypstError) -> str:
    return "no_glyph" if "could not be displayed" in str(error) else "not_set"
