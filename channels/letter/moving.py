"""Files change their place without ever overwriting another, on one device or across two."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from channels.letter.naming import numbered

MOST_NUMBERS = 100_000


def move_into(source: Path, folder: Path, name: str = "") -> Path:
    """Move a file or folder (or a link itself) into ``folder``; where the name is taken a number is added.

    Returns the new place. Raises FileNotFoundError when another was faster, and other OSErrors.
    """
    os.lstat(source)  # before a place is taken for what is not there
    folder.mkdir(parents=True, exist_ok=True)
    place = _reserved(source, folder, name or source.name)
    try:
        _move(source, place)
    except BaseException:
        _give_back(place)
        raise
    return place


def take_into(source: Path, folder: Path) -> None:
    """Move into a folder in which nobody else puts anything: one rename, which only one of several can win.

    Raises FileNotFoundError when another was faster, and other OSErrors.
    """
    _move(source, folder / source.name)


def write_beside(place: Path, suffix: str, words: str) -> Path:
    """A note next to a file that was put away; an earlier one is not overwritten."""
    for name in _names(f"{numbered(place.name, 1)}{suffix}"):
        try:
            with (place.parent / name).open("x", encoding="utf-8", errors="replace") as note:
                note.write(words)
            return place.parent / name
        except FileExistsError:
            continue
    raise FileExistsError(f"too many notes beside {place.parent}")


def sync_folder(folder: Path) -> None:
    """What was renamed in it stays so, also after the power fails, where the file system can promise it."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _names(name: str) -> Iterator[str]:
    for n in count(1):
        if n > MOST_NUMBERS:
            return
        yield numbered(name, n)


def _reserved(source: Path, folder: Path, name: str) -> Path:
    """An empty file or folder that only we have made: renaming over it can hit nobody else's."""
    is_folder = source.is_dir() and not source.is_symlink()
    for each in _names(name):
        place = folder / each
        try:
            place.mkdir() if is_folder else place.touch(exist_ok=False)
            return place
        except FileExistsError:
            continue
    raise FileExistsError(f"too many files of one name in {folder}")


def _give_back(place: Path) -> None:
    """Only what is still empty: of a copy that was broken off, the source is still there."""
    try:
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        elif os.lstat(place).st_size == 0:
            place.unlink()
    except OSError:
        return


def _move(source: Path, place: Path) -> None:
    try:
        os.rename(source, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_over(source, place)


def _copy_over(source: Path, place: Path) -> None:
    """Copy, make sure, rename into place, and only then remove: broken off anywhere, the source is whole."""
    half = place.with_name(f".{numbered(place.name, 1)}.part")
    _remove(half)
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, half, symlinks=True)
    else:
        shutil.copy2(source, half, follow_symlinks=False)
    for each in (half, *half.rglob("*")):
        _sync(each)
    os.rename(half, place)
    sync_folder(place.parent)
    _remove(source)


def _sync(path: Path) -> None:
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
