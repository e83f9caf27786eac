"""What lies in the folder, sorted into pieces: one letter each, of one file or of several."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from channels.letter.naming import is_hidden, is_unfinished, natural
from channels.letter.sidecar import MOST_BYTES, Broken, Sidecar, parse_sidecar
from channels.letter.whole import open_plain

PROCESSING, PROCESSED, QUARANTINE = "processing", "processed", "quarantine"
OURS = frozenset({PROCESSING, PROCESSED, QUARANTINE})
SIDECAR = ".json"
REFUSED = "链接或特殊文件，未打开 / a link or a special file, which is never opened"
NESTED = "文件夹中还有文件夹 / a folder within a folder"
STAYED_ALONE = "说明文件所列的文件没有出现 / the files that this sidecar names did not come"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One file of a piece, as it was seen; two looks that are equal saw it unchanged."""

    path: Path
    size: int
    changed: int  # nanoseconds
    number: int  # inode


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Names in the folder that belong together; the first one decides who has claimed them."""

    names: tuple[str, ...]
    holds: tuple[str, ...] = ()  # further names that nobody may take before this piece is gone
    members: tuple[Member, ...] = ()
    refused: str = ""  # why it goes to quarantine unread, and to a person
    incomplete: bool = False  # its sidecar names files that are not there
    unfinished: bool = False  # something in it is, by its name, still being written

    @property
    def title(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    is_folder: bool
    members: tuple[Member, ...] = ()
    refused: str = ""
    unfinished: bool = False


def pieces_in(folder: Path, most: int, today: date) -> list[Piece]:
    """Everything that waits there, in the order of its names. Raises OSError when the folder cannot be read."""
    entries = dict(_entries(folder, most))
    pieces: list[Piece] = []
    for name in sorted(filter(is_sidecar, entries), key=natural):
        if name in entries and not entries[name].is_folder:
            pieces.append(_with_sidecar(name, entries, today))
            for each in (*pieces[-1].names, *pieces[-1].holds):
                entries.pop(each, None)
    pieces += [_alone(name, entry) for name, entry in entries.items() if entry.members or entry.refused]
    return sorted(pieces, key=lambda piece: natural(piece.title))


def partners_of(sidecar: str, names: Iterable[str]) -> list[str]:
    """What a sidecar is about when it does not say: scan.pdf.json about scan.pdf, scan.json about that or scan/."""
    own = sidecar[: -len(SIDECAR)]
    there = [name for name in names if not is_sidecar(name)]
    return [own] if own in there else sorted((name for name in there if Path(name).stem == own), key=natural)


def read_sidecar(path: Path, today: date) -> Sidecar:
    """Raises Broken, OSError."""
    with open_plain(path) as file:
        return parse_sidecar(file.read(MOST_BYTES + 1), today)


def is_sidecar(name: str) -> bool:
    return name.casefold().endswith(SIDECAR) and len(name) > len(SIDECAR)


def _entries(folder: Path, most: int) -> Iterator[tuple[str, _Entry]]:
    with os.scandir(folder) as found:
        for each in islice(found, most):
            ours = each.name in OURS and each.is_dir(follow_symlinks=False)
            if not ours and not is_hidden(each.name) and not is_unfinished(each.name):
                with suppress(FileNotFoundError):  # another gateway took it
                    yield each.name, _entry(Path(each.path))


def _entry(path: Path) -> _Entry:
    seen = os.lstat(path)
    if stat.S_ISDIR(seen.st_mode):
        try:
            return _folder(path)
        except PermissionError:  # waited for like one that is being written, and then tried
            return _Entry(path, is_folder=True, members=(_member(path, seen),), unfinished=True)
    if not stat.S_ISREG(seen.st_mode):
        return _Entry(path, is_folder=False, members=(_member(path, seen),), refused=REFUSED)
    return _Entry(path, is_folder=False, members=(_member(path, seen),))


def _folder(path: Path) -> _Entry:
    """One letter of several files. One that is empty waits."""
    names = sorted((name for name in os.listdir(path) if not is_hidden(name)), key=natural)
    stats = {name: os.lstat(path / name) for name in names}
    kept = tuple(_member(path / name, stats[name]) for name in names if not is_unfinished(name))
    refused = ""
    if any(not stat.S_ISREG(each.st_mode) for each in stats.values()):
        refused = NESTED if any(stat.S_ISDIR(each.st_mode) for each in stats.values()) else REFUSED
    return _Entry(path, is_folder=True, members=kept, refused=refused, unfinished=any(map(is_unfinished, names)))


def _member(path: Path, seen: os.stat_result) -> Member:
    return Member(path=path, size=seen.st_size, changed=seen.st_mtime_ns, number=seen.st_ino)


def _alone(name: str, entry: _Entry) -> Piece:
    return Piece(names=(name,), members=entry.members, refused=entry.refused, unfinished=entry.unfinished)


def _with_sidecar(name: str, entries: Mapping[str, _Entry], today: date) -> Piece:
    own = entries[name]
    if own.refused:
        return _alone(name, own)
    try:
        told = read_sidecar(own.path, today)
    except (Broken, OSError) as error:
        held = partners_of(name, entries)
        cause = str(error) if isinstance(error, Broken) else "无法读取说明文件 / the sidecar cannot be read"
        return Piece(names=(name,), holds=tuple(held), members=own.members, refused=cause)
    return _together(name, told, entries)


def _together(name: str, told: Sidecar, entries: Mapping[str, _Entry]) -> Piece:
    """The files first and the sidecar last: whoever moves the first file has claimed the piece."""
    wanted = list(told.files) or partners_of(name, entries.keys() - {told.envelope})
    wanted = [each for each in dict.fromkeys((*wanted, told.envelope)) if each and each != name]
    there = [each for each in wanted if each in entries]
    parts = [entries[each] for each in (*there, name)]
    members = tuple(member for part in parts for member in part.members)
    if not set(there) - {told.envelope} or len(there) < len(wanted):
        return Piece(names=(name,), holds=tuple(there), members=members, refused=STAYED_ALONE, incomplete=True)
    return Piece(
        names=(*there, name),
        members=members,
        refused=next((part.refused for part in parts if part.refused), ""),
        unfinished=any(part.unfinished for part in parts),
    )
