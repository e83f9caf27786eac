"""The pages of one file of one kind."""

from __future__ import annotations

from typing import Protocol

from channels.letter.reading.files.causes import Unopened, wrong_type
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.files.forms import form_of
from channels.letter.reading.files.guarding import guarded
from channels.letter.reading.files.pdf import open_pdf
from channels.letter.reading.files.pictures import open_pictures
from channels.letter.reading.values import Sheet


class Pages(Protocol):
    """Pages by their number, from 1; ``sheet`` raises Unopened for the one it cannot decode."""

    @property
    def complete(self) -> bool:
        """Is the end of the file there?"""
        ...

    def __len__(self) -> int: ...

    def sheet(self, number: int) -> Sheet: ...

    def close(self) -> None: ...


class Lost:
    """Stands for a file among others that cannot be opened: one page that cannot be decoded."""

    def __init__(self, why: Unopened) -> None:
        self.complete = True
        self._why = why

    def __len__(self) -> int:
        return 1

    def sheet(self, number: int) -> Sheet:
        raise self._why

    def close(self) -> None:
        """There is nothing to close."""


def open_pages(content: bytes, limits: FileLimits) -> Pages:
    """The pages of a file that is no bundle, none of them decoded yet. Raises Unopened."""
    form = form_of(content)
    if form == "bundle":
        raise wrong_type("bundle")
    with guarded():
        return open_pdf(content, limits) if form == "pdf" else open_pictures(content, form, limits)


def open_or_lose(content: bytes, limits: FileLimits) -> Pages:
    """The same of a file among others, which are not lost with it."""
    try:
        return open_pages(content, limits)
    except Unopened as error:
        return Lost(error)
