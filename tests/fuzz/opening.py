"""The process that opens files as the gateway's does, but reads no words in them: seconds a page are not for this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from channels.letter.reading.files.causes import Unopened
from channels.letter.reading.files.cutting import cut
from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.file_limits import FileLimits
from channels.processes.serving import Handler, Piece, serve

LIMITS = FileLimits(bytes=2_000_000, pages=20, pixels=4_000_000, dpi=50)


def main() -> None:
    """Serve until standard input ends."""
    serve(_opened)


def _opened(_: Mapping[str, Any]) -> Handler:
    def answer(asked: dict[str, Any], content: bytes) -> Iterator[Piece]:
        try:
            yield {"cause": "", "pages": _look(content)}, [cut(content, asked["pages"], LIMITS)]
        except Unopened as error:
            yield {"cause": error.cause}, ()

    return answer


def _look(content: bytes) -> int:
    with open_file(content, LIMITS) as opened:
        for sheet in opened.sheets():
            assert 0 < sheet.picture.shape[0] * sheet.picture.shape[1] <= LIMITS.pixels
        return opened.pages
