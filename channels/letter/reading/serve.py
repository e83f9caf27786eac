"""The process that opens files and reads them; another of its kind, without eyes, cuts pages out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from channels.letter.reading import wire
from channels.letter.reading.files.causes import Unopened
from channels.letter.reading.files.cutting import cut
from channels.letter.reading.meaning.letters import Reading
from channels.letter.reading.read import FileReader, PageRead
from channels.letter.reading.sight.eyes import Eyes
from channels.processes.serving import Handler, Piece, serve


def main() -> None:
    """Serve until standard input ends."""
    serve(_opened, largest=128 * 1024 * 1024)


def _opened(settings: Mapping[str, Any]) -> Handler:
    limits = wire.limits_from_fields(settings["limits"])
    reader = FileReader(Eyes(settings["threads"]), limits) if settings["threads"] else None

    def answer(asked: dict[str, Any], content: bytes) -> Iterator[Piece]:
        """A file that cannot be opened is an answer like any other, not the end of this process."""
        try:
            if asked["do"] == "read" and reader is not None:
                yield from _read(reader, content)
            else:
                yield {}, [cut(content, asked["pages"], limits)]
        except Unopened as error:
            yield {"unopened": error.cause}, ()

    return answer


def _read(reader: FileReader, content: bytes) -> Iterator[Piece]:
    for part in reader.read(content):
        if isinstance(part, PageRead):
            yield {"page": part.number}, ()
        else:
            yield from _told(part)


def _told(reading: Reading) -> Iterator[Piece]:
    for letter in reading.letters:
        yield wire.letter_to_fields(letter)
    yield wire.whole_to_fields(reading), ()
