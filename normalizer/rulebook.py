"""The rules in force: shipped TOML files, an insurer's own laid over them, and what is compiled from both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from normalizer.editions import Edition, UnreadableEdition, newest, own_files, read_edition, shipped, shipped_on
from normalizer.overlay import laid_over

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")

RULE_FILES = (
    "categories",
    "completeness",
    "identifiers",
    "intents",
    "names",
    "places",
    "products",
    "requests",
    "respondents",
    "roles",
    "text",
    "urgency",
)


class BrokenRules(ValueError):
    """An insurer's folder of rules that cannot be used; the message names each file, key and fault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """Where the rules of one name come from."""

    shipped: str
    own: Edition | None = None


_BOOK: dict[str, InForce] = {}
_KEPT: list[_lru_cache_wrapper[Any]] = []


def follows_rules(kept: _lru_cache_wrapper[T]) -> _lru_cache_wrapper[T]:
    """A cache of something that depends on the rules: emptied whenever other rules come into force."""
    _KEPT.append(kept)
    return kept


def cached_rule(make: Callable[..., T]) -> _lru_cache_wrapper[T]:
    """``functools.cache`` for what is compiled from rules. Every such cache must be one of these."""
    return follows_rules(cache(make))


@cached_rule
def rules(name: str) -> dict[str, Any]:
    """The rules of one name, own ones laid over the shipped; ``version`` and ``effective_from`` are the shipped."""
    placed = in_force(name)
    return laid_over(shipped(placed.shipped).data, placed.own.data if placed.own else {})


def in_force(name: str) -> InForce:
    """Until ``use`` was called: the shipped rules as they come."""
    return _BOOK.get(name) or InForce(shipped=shipped_on(name, None))


def use(folder: Path | None, today: date) -> bool:
    """Put the rules of ``today`` in force, those of ``folder`` over the shipped; whether they are others than before.

    For the whole process, and cheap when nothing changed. Raises BrokenRules; then what was in force stays so.
    """
    own = _sound(folder) if folder else []
    book = {
        name: InForce(shipped=shipped_on(name, today), own=newest((one for one in own if one.name == name), today))
        for name in RULE_FILES
    }
    if book == {name: in_force(name) for name in RULE_FILES}:
        return False
    _BOOK.update(book)
    for kept in _KEPT:
        kept.cache_clear()
    return True


def _sound(folder: Path) -> list[Edition]:
    """Every edition in the folder, also those of days to come: their faults are told now."""
    from normalizer.rulecheck import check  # reads by the rules itself

    try:
        before = _editions(folder)
        if faults := [str(finding) for finding in check(folder) if finding.grave]:
            raise BrokenRules("\n".join(faults))
        if before is None or _editions(folder) != before:  # what was checked is what was read, or nothing
            raise BrokenRules(f"{folder}: was changed while it was read")
    except (OSError, RecursionError) as error:
        raise BrokenRules(f"{folder}: cannot be read: {type(error).__name__}") from error
    return before


def _editions(folder: Path) -> list[Edition] | None:
    """What the folder holds at this moment; None when something cannot be read."""
    try:
        return [read_edition(file) for file in own_files(folder)]
    except UnreadableEdition:
        return None


def versions() -> dict[str, str]:
    """Which version of each rules file decided, for ``--explain`` and the audit trail."""
    return {name: _version(name) for name in RULE_FILES}


def _version(name: str) -> str:
    own = in_force(name).own
    said = f"{rules(name)['version']} from {rules(name)['effective_from']}"
    return f"{said}, with {own.file} {own.version} from {own.effective_from}" if own else said
