"""An insurer's own rules laid over the shipped ones: what is added, taken out, replaced.

A list is made longer; ``{ add = […], remove = […] }`` says so outright and may also shorten it, ``{ set = […] }``
replaces it. A number, a yes or no, a text is replaced; ``{ add = "…" }`` makes a text longer. A table is laid over key
by key. An entry of a ``[[list]]`` with the same identity is laid over the shipped one, another is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from normalizer.editions import HEADING

ADD, REMOVE, SET = "add", "remove", "set"
CHANGES = frozenset({ADD, REMOVE, SET})
IDENTITY = {"detail": ("code",), "product": ("code",), "flag": ("code",), "grammar": ("kind", "company")}
TRIED_IN_ORDER = ("grammar",)  # the first that fits decides, so the insurer's own come first

Table = Mapping[str, Any]


def laid_over(shipped: Table, own: Table) -> dict[str, Any]:
    """The shipped table with the own one laid over it; both stay as they are."""
    merged = dict(shipped)
    for key, value in own.items():
        if key not in HEADING:
            merged[key] = _changed(key, shipped.get(key), value)
    return merged


def is_change(value: object) -> bool:
    """{ add = …, remove = …, set = … } and nothing else."""
    return isinstance(value, Mapping) and bool(value) and CHANGES.issuperset(value)


def is_entries(value: object) -> bool:
    """What ``[[name]]`` makes: a list of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def identity(name: str, entry: Table) -> tuple[Any, ...] | None:
    """By what an entry of ``[[name]]`` is known; None when every entry stands by itself."""
    keys = IDENTITY.get(name)
    return tuple(entry.get(key) for key in keys) if keys else None


def _changed(key: str, old: Any, new: Any) -> Any:
    if is_entries(new):
        return _entries(key, old or [], new)
    if isinstance(old, list) or (old is None and is_change(new)):
        return _list(old or [], new)
    if isinstance(old, Mapping):
        return laid_over(old, new)
    if isinstance(old, str) and is_change(new):
        return old + new[ADD] if ADD in new else new[SET]
    return new


def _list(old: Sequence[Any], new: Any) -> list[Any]:
    changes = new if is_change(new) else {ADD: new}
    kept = [one for one in changes.get(SET, old) if one not in changes.get(REMOVE, ())]
    return list(dict.fromkeys([*kept, *changes.get(ADD, ())]))


def _entries(name: str, old: Sequence[Table], new: Sequence[Table]) -> list[dict[str, Any]]:
    merged = [dict(entry) for entry in old]
    places = {identity(name, entry): place for place, entry in enumerate(merged)}
    further = []
    for entry in new:
        place = places.get(identity(name, entry)) if name in IDENTITY else None
        if place is None:
            further.append(_whole(old, entry))
        else:
            merged[place] = laid_over(merged[place], entry)
    return [*further, *merged] if name in TRIED_IN_ORDER else [*merged, *further]


def _whole(old: Sequence[Table], entry: Table) -> dict[str, Any]:
    """A new entry, with the lists empty that every shipped one has: nobody need write ``weak = []``."""
    always = {key for key in (old[0] if old else ()) if all(isinstance(each.get(key), list) for each in old)}
    return laid_over({key: [] for key in always}, entry)
