"""Which editions of a rules file there are, shipped or of the insurer's own, and which is in force on a day."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

# urgency.toml, urgency-2027-01-01.toml: several editions of one file may lie side by side
FILE = re.compile(r"(?P<name>[a-z_]+)(?:-(?P<day>\d{4}-\d{2}-\d{2}))?\.toml")
HEADING = ("version", "effective_from")


class Readable(Protocol):
    """A file: ``Path``, or one inside the package."""

    @property
    def name(self) -> str: ...

    def read_text(self, encoding: str | None = None) -> str: ...


class UnreadableEdition(ValueError):
    """A rules file that is no TOML, or has no name, version or day from which it is in force."""

    def __init__(self, file: str, key: str, what: str) -> None:
        super().__init__(f"{file}: {f'{key}: ' if key else ''}{what}")
        self.file, self.key, self.what = file, key, what


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One file of rules as it was read."""

    name: str  # urgency
    file: str  # urgency-2027-01-01.toml
    version: str
    effective_from: date
    data: Mapping[str, Any]


def read_edition(file: Readable) -> Edition:
    """A rules file with its heading. Raises UnreadableEdition."""
    match = FILE.fullmatch(file.name)
    if match is None:
        raise UnreadableEdition(file.name, "", "a rules file is called NAME.toml or NAME-YYYY-MM-DD.toml")
    data = _parsed(file)
    version, since = _heading(file.name, data)
    if match["day"] and match["day"] != since.isoformat():
        raise UnreadableEdition(file.name, "effective_from", f"is {since}, but the file's name says {match['day']}")
    return Edition(name=match["name"], file=file.name, version=version, effective_from=since, data=data)


def _parsed(file: Readable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Windows editors put a mark in front
    except UnicodeDecodeError as error:
        raise UnreadableEdition(file.name, "", "is not saved as UTF-8") from error
    except (ValueError, RecursionError) as error:  # a TOMLDecodeError, or what its parser lets through
        raise UnreadableEdition(file.name, "", f"cannot be read as TOML: {error}") from error
    except OSError as error:
        raise UnreadableEdition(file.name, "", f"cannot be opened: {error.strerror}") from error


def _heading(file: str, data: Mapping[str, Any]) -> tuple[str, date]:
    version, since = (data.get(key) for key in HEADING)
    if not isinstance(version, str) or not version:
        raise UnreadableEdition(file, "version", 'is needed, in quotes: version = "1.0"')
    if not isinstance(since, date) or isinstance(since, datetime):
        raise UnreadableEdition(file, "effective_from", "is needed, a day without quotes: effective_from = 2027-01-01")
    return version, since


def newest(editions: Iterable[Edition], today: date) -> Edition | None:
    """The edition in force on a day; None before the first one is."""
    begun = [edition for edition in editions if edition.effective_from <= today]
    return max(begun, key=lambda edition: edition.effective_from, default=None)


def own_files(folder: Path) -> list[Path]:
    """The rules files of an insurer's folder, by name. Raises UnreadableEdition when there is no such folder."""
    if not folder.is_dir():
        raise UnreadableEdition(str(folder), "", "there is no such folder")
    return sorted(folder.glob("*.toml"))


@cache
def shipped_files() -> Mapping[str, tuple[str, ...]]:
    """The files of each name that come with the program; the one without a day comes first."""
    found: dict[str, list[str]] = {}
    for file in files("normalizer.rules").iterdir():
        if match := FILE.fullmatch(file.name):
            found.setdefault(match["name"], []).append(file.name)
    return {name: tuple(sorted(each, key=lambda file: (len(file), file))) for name, each in sorted(found.items())}


@cache
def shipped(file: str) -> Edition:
    """One file that comes with the program; read once, and never changed by whoever holds it."""
    return read_edition(files("normalizer.rules").joinpath(file))


def shipped_on(name: str, today: date | None) -> str:
    """The shipped file in force on a day; without a day, or before the first edition, the first."""
    each = shipped_files()[name]
    if len(each) == 1 or today is None:  # nothing to choose, so nothing needs to be read yet
        return each[0]
    editions = [shipped(file) for file in each]
    return (newest(editions, today) or min(editions, key=lambda edition: edition.effective_from)).file
