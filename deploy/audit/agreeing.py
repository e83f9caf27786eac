"""Do the locks hold what pyproject.toml asks for, all that this needs, and nothing else?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.audit.locked import Locked

Lock = Mapping[str, tuple[Locked, ...]]


def asked_for(pyproject: Path) -> Mapping[str, list[str]]:
    """What is asked for to run, and to develop."""
    told: Any = tomllib.loads(pyproject.read_text("utf-8"))
    run = list(told["project"]["dependencies"])
    return {"run": run, "dev": [*run, *told["project"]["optional-dependencies"]["dev"]]}


def overridden(pyproject: Path) -> frozenset[str]:
    """Packages that another asks for and that we never install."""
    told: Any = tomllib.loads(pyproject.read_text("utf-8"))
    listed = told.get("tool", {}).get("uv", {}).get("override-dependencies", [])
    return frozenset(canonicalize_name(Requirement(each).name) for each in listed)


def faults(asked: Iterable[str], lock: Lock, never: frozenset[str]) -> Iterator[str]:
    """Each as one line."""
    reached: set[str] = set()
    left: list[tuple[str, Requirement]] = [("pyproject.toml", Requirement(each)) for each in asked]
    while left:
        by, wanted = left.pop()
        name: str = canonicalize_name(wanted.name)
        if name in never:
            continue
        if name not in lock:
            yield f"{name} is not locked, and {by} needs it"
        elif not any(each.version in wanted.specifier for each in lock[name]):
            yield f"{name} is locked as {lock[name][0].version}, and {by} needs {wanted.specifier}"
        if (key := f"{name}[{','.join(sorted(wanted.extras))}]") not in reached:
            reached |= {key, name}
            left += [(name, each) for each in _needs(wanted)]
    for name in sorted(lock.keys() - reached):
        if any(each.wanted_here for each in lock[name]):
            yield f"{name} is locked, and nothing needs it"


def differing(run: Lock, dev: Lock) -> Iterator[str]:
    """What is tested must be what runs."""
    for name, each in run.items():
        if {one.version for one in each} != {one.version for one in dev.get(name, ())}:
            yield f"{name} is not the same in run.txt and dev.txt"


def _needs(wanted: Requirement) -> Iterator[Requirement]:
    """What an installed package asks for in its turn; of one that is not wanted here nothing is known."""
    try:
        listed = requires(wanted.name) or []
    except PackageNotFoundError:
        return
    for told in map(Requirement, listed):
        if told.marker is None or any(told.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
            yield told
