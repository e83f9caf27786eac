"""The lock as it was written: each package with its version, its hashes and where it is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

_LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Locked:
    """One package of a lock. ``hashes`` are SHA-256 of every file that may be installed for it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def wanted_here(self) -> bool:
        return not self.marker or Marker(self.marker).evaluate()

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(file: Path) -> Mapping[str, tuple[Locked, ...]]:
    """By name; a package has several versions where another one is wanted on another Python. Raises ValueError."""
    found: dict[str, tuple[Locked, ...]] = {}
    for each in _packages(file.read_text("utf-8")):
        found[each.name] = (*found.get(each.name, ()), each)
    return found


def _packages(text: str) -> Iterator[Locked]:
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        told, *rest = block.splitlines()
        match, hashes = _LINE.fullmatch(told.strip()), tuple(_HASH.findall("\n".join(rest)))
        if match is None or not hashes:
            raise ValueError(f"not as a lock is written: {told[:80]}")
        yield Locked(
            name=canonicalize_name(match["name"]),
            version=match["version"],
            marker=(match["marker"] or "").strip(),
            hashes=hashes,
        )
