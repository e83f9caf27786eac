"""A file of paper is opened: its pages one after the other, whatever it is made of and whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from channels.letter.reading.files.bundle import unbundle
from channels.letter.reading.files.causes import TOO_LARGE, Unopened
from channels.letter.reading.files.file_limits import LIMITS, FileLimits
from channels.letter.reading.files.forms import form_of
from channels.letter.reading.files.pages import Pages, open_pages
from channels.letter.reading.files.papers import PapersPages
from channels.letter.reading.files.tones import unreadable
from channels.letter.reading.values import Sheet

__all__ = ["OpenFile", "Unopened", "open_file"]


class OpenFile:
    """An open file. ``form`` is pdf, tiff, jpeg, png, heic or bundle. Close it, or use it as a context."""

    def __init__(self, form: str, pages: Pages, limits: FileLimits) -> None:
        self.form = form
        self._pages, self._limits = pages, limits

    @property
    def pages(self) -> int:
        return len(self._pages)

    @property
    def complete(self) -> bool:
        """False: pages can be read, but the end of the file is missing; it may still be being written."""
        return self._pages.complete

    def sheets(self) -> Iterator[Sheet]:
        """The pages in their order, each decoded when it is asked for.

        One that cannot be decoded is a small blank with the warning page_unreadable. Raises Unopened if all are so.
        """
        refused: Unopened | None = None
        held: list[Sheet] | None = []  # lost pages, until a good one shows that the file is worth reading
        for number in range(1, self.pages + 1):
            try:
                sheet = self._pages.sheet(number)
            except Unopened as error:
                refused = refused or error
                sheet = unreadable(number, self._limits.dpi)
                if held is not None:
                    held.append(sheet)
                    continue
            yield from held or ()
            held = None
            yield sheet
        if held is not None and refused:
            raise refused

    def close(self) -> None:
        self._pages.close()

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_file(content: bytes, limits: FileLimits = LIMITS) -> OpenFile:
    """What a file holds, no page of it decoded yet. Raises Unopened, and nothing else."""
    if len(content) > limits.bytes:
        raise Unopened(TOO_LARGE)
    form = form_of(content)
    if form == "bundle":
        return OpenFile(form, PapersPages(unbundle(content, limits), limits), limits)
    return OpenFile(form, open_pages(content, limits), limits)
