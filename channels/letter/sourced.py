"""What lies in the mailroom's folder: scans that wait, and those put away lately, by the keys that our ledger has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from channels.base import HandIn, Paper, Sourced
from channels.errors import Retryable, Unreadable
from channels.letter.claiming import WHY, Claim
from channels.letter.days import today_of
from channels.letter.items import Source, item_of
from channels.letter.limits import Limits
from channels.letter.loading import NotKept, load
from channels.letter.naming import is_hidden
from channels.letter.pieces import PROCESSED, PROCESSING, QUARANTINE, is_sidecar, pieces_in
from channels.letter.whole import open_plain
from normalizer.record import SHANGHAI

AWAY = "the folder for scans cannot be read"


def sourced(folder: Path, limits: Limits, since: datetime, now: datetime) -> list[Sourced]:
    """Scans of the folder since a moment, and all that waits there. Reads files. Raises Retryable."""
    try:
        return [*_waiting(folder, limits, now), *_put_away(folder, limits, since, now)]
    except OSError as error:
        raise Retryable(f"{AWAY}: {type(error).__name__}") from error


def vouches(envelope: Mapping[str, str]) -> bool:
    """What came by the folder and was kept as it is; not what was handed in, cut from a batch, or stood in for."""
    return envelope.get("source") == Source.FOLDER and "unread" not in envelope


def _waiting(folder: Path, limits: Limits, now: datetime) -> Iterator[Sourced]:
    """Named by its place alone: what a scanner or a person calls a file may be somebody's name."""
    for piece in pieces_in(folder, limits.names, today_of(now)):
        changed = max((member.changed for member in piece.members), default=0)
        number = piece.members[0].number if piece.members else 0
        yield Sourced(kind="scan", name=f"inode {number}", at=_moment(changed / 1e9), waits=True)
    for place in _names(folder / PROCESSING):
        key = _key(place, limits, now)
        name = f"{PROCESSING} {place.name}"
        yield Sourced(kind="scan", name=name, at=_changed(place), keys=(key,) if key else (), waits=True)


def _put_away(folder: Path, limits: Limits, since: datetime, now: datetime) -> Iterator[Sourced]:
    first = today_of(since)
    for day in _names(folder / PROCESSED):
        if (of := _day(day.name)) is not None and of >= first:
            for place in _names(day):
                yield _scan(place, f"{PROCESSED}/{day.name}", limits, now)
    for place in _names(folder / QUARANTINE):
        if not place.name.endswith(WHY) and _changed(place) >= since:
            yield _scan(place, QUARANTINE, limits, now)


def _scan(place: Path, where: str, limits: Limits, now: datetime) -> Sourced:
    key = _key(place, limits, now)
    name = f"{where} {key[:16]}" if key else f"{where} inode {os.lstat(place).st_ino}"
    return Sourced(kind="scan", name=name, at=_changed(place), keys=(key,) if key else ())


def _key(place: Path, limits: Limits, now: datetime) -> str:
    """The key of its item; empty for what was never kept as it is: links, note files, what is too large."""
    with suppress(NotKept, Unreadable, OSError):
        return item_of(_given(place, limits, now), Source.FOLDER, now).key
    return ""


def _given(place: Path, limits: Limits, now: datetime) -> HandIn:
    if place.is_dir() and not place.is_symlink():
        return load(Claim(place), limits, today_of(now))
    size = os.lstat(place).st_size
    if not 0 < size <= limits.largest or is_sidecar(place.name):
        raise NotKept("", {})
    with open_plain(place) as file:
        return HandIn(papers=(Paper(name=place.name, content=file.read()),))


def _names(folder: Path) -> list[Path]:
    """What lies in a folder of ours, which is made when it is first needed."""
    try:
        return sorted(each for each in folder.iterdir() if not is_hidden(each.name))
    except FileNotFoundError:
        return []


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _changed(place: Path) -> datetime:
    """When it was put there: renaming is a change of the file's entry, whatever its content's age."""
    return _moment(os.lstat(place).st_ctime)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)
