"""Taking a piece out of the folder so that nobody else has it, reading it, and putting it away for good."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from channels.base import HandIn, Paper
from channels.letter.limits import Limits
from channels.letter.moving import move_into, sync_folder, take_into, write_beside
from channels.letter.naming import is_hidden, is_plain, natural, shown
from channels.letter.pieces import PROCESSED, PROCESSING, QUARANTINE, SIDECAR, Piece, read_sidecar
from channels.letter.sidecar import Broken, Sidecar
from channels.letter.whole import open_plain
from normalizer.record import SHANGHAI

log = structlog.get_logger(__name__)

LIST = ".claim"  # in the folder of a claim: the names that belong to it
WHY = ".why.txt"


TOO_MUCH = "文件太大或太多，留在隔离文件夹中 / too large or too many files; they lie in the quarantine folder"
NOTHING = "文件是空的，请重新扫描 / there is nothing in the file; scan it again"


class NotKept(Exception):
    """The piece cannot become an item as it is; the words say why, in Chinese and English."""

    def __init__(self, cause: str, sizes: Mapping[str, int]) -> None:
        super().__init__(cause)
        self.cause = cause
        self.sizes = sizes


@dataclass(frozen=True, slots=True)
class Claim:
    """A folder of its own in ``processing``, with all that belongs to one letter."""

    place: Path

    @property
    def token(self) -> str:
        return self.place.name

    @property
    def parts(self) -> list[Path]:
        return sorted((each for each in self.place.iterdir() if not is_hidden(each.name)), key=_by_name)

    @property
    def title(self) -> str:
        names = [part.name for part in self.parts]
        return next((name for name in names if not name.casefold().endswith(SIDECAR)), names[0] if names else "")


class Claims:
    """Of one folder. Everything here blocks, and belongs into a thread."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits

    def make_folders(self) -> None:
        for name in (PROCESSING, PROCESSED, QUARANTINE):
            (self._folder / name).mkdir(parents=True, exist_ok=True)

    def claim(self, piece: Piece) -> Claim | None:
        """None when another gateway was faster: the rename of the first name decides."""
        place = self._folder / PROCESSING / uuid.uuid4().hex
        place.mkdir(parents=True)
        claim = Claim(place)
        _write_list(claim, piece.names)
        try:
            take_into(self._folder / piece.title, place)
        except OSError as error:
            _drop(claim)
            if isinstance(error, FileNotFoundError):
                return None
            raise
        self._complete(claim, piece.names[1:])
        return claim

    def left(self) -> list[Claim]:
        """All claims there are, others' and our own; looked at, not touched."""
        return [Claim(place) for place in sorted((self._folder / PROCESSING).iterdir())]

    def take_up(self, left: Claim) -> Claim | None:
        """Made whole, for a gateway may have died between two renames; None when there is nothing in it."""
        claim = self._as_folder(left)
        names = _read_list(claim)
        if names and os.path.lexists(claim.place / names[0]):
            self._complete(claim, [name for name in names[1:] if os.path.lexists(self._folder / name)])
        if claim.parts:
            return claim
        _drop(claim)
        return None

    def load(self, claim: Claim) -> HandIn:
        """Raises NotKept before anything is read, and OSError."""
        told, files = _told(list(_files(claim)))
        self._check(files)
        papers = [_paper(file) for file in _in_order(files, told) if file.name != told.envelope]
        envelope = next((_paper(file) for file in files if file.name == told.envelope), None)
        return HandIn(
            papers=tuple(papers),
            received_on=told.received_on,
            postmark=told.postmark,
            tracking_number=told.tracking_number,
            envelope=envelope,
        )

    def _check(self, files: list[Path]) -> None:
        sizes = {file.name: os.lstat(file).st_size for file in files}
        if not any(sizes.values()):
            raise NotKept(NOTHING, sizes)
        if len(files) > self._limits.files or sum(sizes.values()) > self._limits.largest:
            raise NotKept(TOO_MUCH, sizes)

    def put_away(self, claim: Claim, *, now: datetime, why: str = "") -> None:
        """Into the folder of the day, or with a reason into quarantine. Another gateway may have done it before."""
        target = self._folder / (QUARANTINE if why else f"{PROCESSED}/{now.astimezone(SHANGHAI).date()}")
        try:
            place = self._moved(claim, target)
        except FileNotFoundError:
            return
        if why:
            write_beside(place, WHY, f"{why}\n")
        sync_folder(target)

    def refuse(self, piece: Piece) -> None:
        """Straight into quarantine: what is never opened, and notes that nobody can use."""
        for name in piece.names:
            try:
                place = move_into(self._folder / name, self._folder / QUARANTINE)
            except FileNotFoundError:
                continue
            write_beside(place, WHY, piece.refused.replace(" / ", "\n", 1) + "\n")

    def _complete(self, claim: Claim, names: Sequence[str]) -> None:
        for name in names:
            try:
                take_into(self._folder / name, claim.place)
            except FileNotFoundError:
                log.warning("part_of_letter_gone", claim=claim.token)

    def _as_folder(self, left: Claim) -> Claim:
        if left.place.is_dir() and not left.place.is_symlink():
            return left
        # Somebody laid a file there by hand.
        return Claim(move_into(left.place, self._folder / PROCESSING / uuid.uuid4().hex).parent)

    def _moved(self, claim: Claim, target: Path) -> Path:
        parts = claim.parts
        if len(parts) == 1:
            place = move_into(parts[0], target)
            _drop(claim)
            return place
        note = next((part for part in parts if part.name.casefold().endswith(SIDECAR)), parts[0] if parts else None)
        (claim.place / LIST).unlink(missing_ok=True)
        return move_into(claim.place, target, note.stem if note else "")


def _by_name(path: Path) -> tuple[tuple[int, int, str], ...]:
    return natural(path.name)


def _write_list(claim: Claim, names: tuple[str, ...]) -> None:
    with (claim.place / LIST).open("w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(names, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def _read_list(claim: Claim) -> list[str]:
    """Empty when there is none, or when its writing was cut off: then what is in the folder is all there is."""
    try:
        names = json.loads((claim.place / LIST).read_text("utf-8", "surrogateescape"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str) and is_plain(name)] if isinstance(names, list) else []


def _drop(claim: Claim) -> None:
    """The claim's own folder, when nothing of anybody's is in it."""
    try:
        (claim.place / LIST).unlink(missing_ok=True)
        claim.place.rmdir()
    except OSError:
        return


def _files(claim: Claim) -> Iterator[Path]:
    for part in claim.parts:
        if part.is_dir() and not part.is_symlink():
            yield from sorted((each for each in part.iterdir() if not is_hidden(each.name)), key=_by_name)
        else:
            yield part


def _told(files: list[Path]) -> tuple[Sidecar, list[Path]]:
    """What the one sidecar among them says, and the others. One that is broken says nothing, and holds up no letter."""
    notes = [file for file in files if file.name.casefold().endswith(SIDECAR)]
    if len(notes) != 1 or len(files) == 1:
        return Sidecar(), files
    others = [file for file in files if file is not notes[0]]
    try:
        return read_sidecar(notes[0]), others
    except Broken:
        log.warning("sidecar_broken", claim=notes[0].parent.name)
        return Sidecar(), others


def _in_order(files: list[Path], told: Sidecar) -> list[Path]:
    places = {name: at for at, name in enumerate(told.files)}
    return sorted(files, key=lambda file: (places.get(file.name, len(places)), natural(file.name)))


def _paper(file: Path) -> Paper:
    with open_plain(file) as opened:
        return Paper(name=shown(file.name), content=opened.read())
