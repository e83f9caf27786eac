"""Taking a piece out of the folder so that nobody else has it, and putting it away for good."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from channels.letter.days import today_of
from channels.letter.moving import move_into, sync_folder, take_into, write_beside
from channels.letter.naming import is_hidden, is_plain, natural
from channels.letter.pieces import PROCESSED, PROCESSING, QUARANTINE, Piece, is_sidecar

log = structlog.get_logger(__name__)

LIST = ".claim"  # in the folder of a claim: the names that belong to it, and why it is refused
WHY = ".why.txt"


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
        return next((name for name in names if not is_sidecar(name)), names[0] if names else "")

    @property
    def refused(self) -> str:
        """Why it is not to be opened, in Chinese and English; empty: it may be."""
        refused = _read_list(self).get("refused")
        return refused if isinstance(refused, str) else ""

    @property
    def names(self) -> list[str]:
        """All that belong to it, by the list; empty when there is none: then what is in the folder is all there is."""
        names = _read_list(self).get("names")
        return [name for name in names if isinstance(name, str) and is_plain(name)] if isinstance(names, list) else []


class Claims:
    """Of one folder. Everything here blocks, and belongs into a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make_folders(self) -> None:
        for name in (PROCESSING, PROCESSED, QUARANTINE):
            (self._folder / name).mkdir(parents=True, exist_ok=True)

    def claim(self, piece: Piece) -> Claim | None:
        """None when another gateway was faster: the rename of the first name decides."""
        place = self._folder / PROCESSING / uuid.uuid4().hex
        place.mkdir(parents=True)
        claim = Claim(place)
        _write_list(claim, piece)
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
        names = claim.names
        if names and os.path.lexists(claim.place / names[0]):
            self._complete(claim, [name for name in names[1:] if os.path.lexists(self._folder / name)])
        if claim.parts:
            return claim
        _drop(claim)
        return None

    def put_away(self, claim: Claim, *, now: datetime, why: str = "") -> None:
        """Into the folder of the day, or with a reason into quarantine. Another gateway may have done it before."""
        target = self._folder / (QUARANTINE if why else f"{PROCESSED}/{today_of(now)}")
        try:
            place = self._moved(claim, target)
        except FileNotFoundError:
            return
        if why:  # before the claim goes: after that nobody would come back to write it
            write_beside(place, WHY, f"{why}\n")
        _drop(claim)
        sync_folder(target)

    def set_aside(self, part: Path, why: str) -> None:
        """One file of a claim goes to quarantine with a reason; the others stay."""
        place = move_into(part, self._folder / QUARANTINE)
        write_beside(place, WHY, f"{why}\n")
        sync_folder(place.parent)

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
            return move_into(parts[0], target)
        note = next((part for part in parts if is_sidecar(part.name)), parts[0] if parts else None)
        (claim.place / LIST).unlink(missing_ok=True)
        return move_into(claim.place, target, note.stem if note else "")


def _by_name(path: Path) -> tuple[tuple[int, int, str], ...]:
    return natural(path.name)


def _write_list(claim: Claim, piece: Piece) -> None:
    with (claim.place / LIST).open("w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump({"names": piece.names, "refused": piece.refused}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def _read_list(claim: Claim) -> dict[str, Any]:
    """Empty when there is none, or when its writing was cut off."""
    try:
        told = json.loads((claim.place / LIST).read_text("utf-8", "surrogateescape"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _drop(claim: Claim) -> None:
    """The claim's own folder, when nothing of anybody's is in it."""
    try:
        (claim.place / LIST).unlink(missing_ok=True)
        claim.place.rmdir()
    except OSError:
        return
