"""What lies in a claim becomes a letter that is handed in; or the words why it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from channels.base import HandIn, Paper
from channels.letter.claiming import Claim
from channels.letter.limits import Limits
from channels.letter.naming import is_hidden, natural, shown
from channels.letter.pieces import is_sidecar, read_sidecar
from channels.letter.sidecar import Broken, Sidecar
from channels.letter.whole import open_plain

TOO_MUCH = "文件太大或太多，留在隔离文件夹中 / too large or too many files; they lie in the quarantine folder"
NOTHING = "文件是空的，请重新扫描 / there is nothing in the file; scan it again"


class NotKept(Exception):
    """The piece cannot become an item as it is; the words say why, in Chinese and English."""

    def __init__(self, cause: str, sizes: Mapping[str, int]) -> None:
        super().__init__(cause)
        self.cause = cause
        self.sizes = sizes


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenNote:
    """A sidecar beside a letter, of which nothing can be believed."""

    path: Path
    size: int
    cause: str


def load(claim: Claim, limits: Limits, today: date) -> HandIn:
    """Raises NotKept before anything is read, and OSError."""
    found = list(_files(claim))
    if refused := claim.refused:
        raise NotKept(refused, _sizes(found))
    told, files = _told(found, today)
    _check(files, limits)
    papers = [_paper(file) for file in _in_order(files, told) if file.name != told.envelope]
    envelope = next((_paper(file) for file in files if file.name == told.envelope), None)
    return HandIn(
        papers=tuple(papers),
        received_on=told.received_on,
        postmark=told.postmark,
        tracking_number=told.tracking_number,
        envelope=envelope,
    )


def broken_note(claim: Claim, today: date) -> BrokenNote | None:
    """The sidecar of a letter, when it cannot be used: it holds up no letter, but somebody must be told."""
    note, _ = _parted(list(_files(claim)))
    if note is None or claim.refused:
        return None
    try:
        read_sidecar(note, today)
    except Broken as error:
        return BrokenNote(path=note, size=os.lstat(note).st_size, cause=str(error))
    return None


def _check(files: list[Path], limits: Limits) -> None:
    sizes = _sizes(files)
    if not any(sizes.values()):
        raise NotKept(NOTHING, sizes)
    if len(files) > limits.files or sum(sizes.values()) > limits.largest:
        raise NotKept(TOO_MUCH, sizes)


def _sizes(files: list[Path]) -> dict[str, int]:
    return {file.name: os.lstat(file).st_size for file in files}


def _files(claim: Claim) -> Iterator[Path]:
    for part in claim.parts:
        if part.is_dir() and not part.is_symlink():
            inside = (each for each in part.iterdir() if not is_hidden(each.name))
            yield from sorted(inside, key=lambda each: natural(each.name))
        else:
            yield part


def _parted(files: list[Path]) -> tuple[Path | None, list[Path]]:
    """The one sidecar among them, and the others."""
    notes = [file for file in files if is_sidecar(file.name)]
    if len(notes) != 1 or len(files) == 1:
        return None, files
    return notes[0], [file for file in files if file is not notes[0]]


def _told(files: list[Path], today: date) -> tuple[Sidecar, list[Path]]:
    """What the sidecar says, and the others; of one that is broken, nothing."""
    note, others = _parted(files)
    try:
        return read_sidecar(note, today) if note else Sidecar(), others
    except Broken:
        return Sidecar(), others


def _in_order(files: list[Path], told: Sidecar) -> list[Path]:
    places = {name: at for at, name in enumerate(told.files)}
    return sorted(files, key=lambda file: (places.get(file.name, len(places)), natural(file.name)))


def _paper(file: Path) -> Paper:
    with open_plain(file) as opened:
        return Paper(name=shown(file.name), content=opened.read())
