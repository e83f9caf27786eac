"""Whether an insurer's own rules have the form of the shipped ones: known keys, texts where texts belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from normalizer.editions import HEADING
from normalizer.overlay import ADD, IDENTITY, REMOVE, SET, identity, is_change, is_entries

OPEN = ("characters", "slips", "confusable")  # tables that anybody may write new keys into
CLASSES = ("words",)  # tables of lists that anybody may write new keys into
LISTS = 'a list of texts: ["…", "…"], or { add = […], remove = […] }'
TEXTS = 'a text: "…"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What is wrong at a key; what is not grave works, but hardly as it was meant."""

    key: str
    what: str
    grave: bool = True


def misshapen(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[Remark]:
    """Everything in ``own`` that cannot be laid over ``shipped``."""
    return _table("", shipped, {key: value for key, value in own.items() if key not in HEADING})


def nearest(word: str, known: Iterable[str]) -> str:
    """ ", did you mean …?" when a known word is like it."""
    found = get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]}?)" if found else ""


def _table(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Remark]:
    free = where.rpartition(".")[2] in OPEN
    for key, value in new.items():
        place = f"{where}.{key}" if where else key
        if key in old:
            yield from _value(place, key, old[key], value)
        elif free:
            yield from _text(place, value)
        elif where in CLASSES:
            yield from _list(place, (), value)
        else:
            yield Remark(key=place, what=f"is no key of these rules{nearest(key, old)}")


def _value(place: str, key: str, old: Any, new: Any) -> Iterator[Remark]:
    if is_entries(old):
        yield from _entries(key, old, new)
    elif isinstance(old, list):
        yield from _list(place, old, new)
    elif isinstance(old, Mapping):
        yield from _table(place, old, new) if isinstance(new, Mapping) else _must(place, "be a table: [" + place + "]")
    elif isinstance(old, str):
        yield from _text(place, new)
    elif isinstance(old, bool):
        yield from () if isinstance(new, bool) else _must(place, "be true or false")
    elif isinstance(new, bool) or not isinstance(new, int | float) or new <= 0:
        yield from _must(place, "be a number greater than 0")


def _must(place: str, what: str) -> Iterator[Remark]:
    yield Remark(key=place, what=f"must {what}")


def _text(place: str, new: Any) -> Iterator[Remark]:
    if is_change(new) and len(new) == 1 and REMOVE not in new:
        new = new.get(ADD, new.get(SET))
    if not isinstance(new, str) or not new:
        yield from _must(place, f"be {TEXTS}")


def _list(place: str, old: Sequence[Any], new: Any) -> Iterator[Remark]:
    changes = new if is_change(new) else {ADD: new}
    for change, words in changes.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
            yield from _must(place, f"be {LISTS}")
        elif change == REMOVE:
            absent = [word for word in words if word not in old]
            yield from (Remark(key=place, what=f"removes {word!r}, which is not there", grave=False) for word in absent)


def _entries(name: str, old: Sequence[Mapping[str, Any]], new: Any) -> Iterator[Remark]:
    if not is_entries(new):
        yield from _must(name, f"be written as [[{name}]]")
        return
    known = {identity(name, entry): entry for entry in old}
    like = {key: value for entry in old for key, value in entry.items()}
    seen = set()
    for place, entry in enumerate(new, 1):
        which = identity(name, entry)
        where = f"[[{name}]] {_called(name, entry) or place}"
        if which is not None and which in seen:
            yield Remark(key=where, what="is given twice; put both into one")
        seen.add(which)
        shipped = known.get(which) if which is not None else None
        yield from _table(where, {**like, **_emptied(like, shipped)}, entry)
        yield from (Remark(key=where, what=f"needs {key}") for key in _lacking(name, old, entry, known=bool(shipped)))


def _called(name: str, entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry[key]) for key in IDENTITY.get(name, ()) if key in entry)


def _emptied(like: Mapping[str, Any], shipped: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an entry has before the own one is laid over it; a new one has empty lists."""
    return {key: (shipped or {}).get(key, [] if isinstance(value, list) else value) for key, value in like.items()}


def _lacking(name: str, old: Sequence[Mapping[str, Any]], entry: Mapping[str, Any], *, known: bool) -> list[str]:
    """Keys that an entry cannot do without: what it is known by, and for a new one what has no empty form."""
    nameless = [key for key in IDENTITY.get(name, ()) if key not in entry]
    if known or nameless:
        return nameless
    always = [key for key in old[0] if all(key in each and not isinstance(each[key], list) for each in old)]
    return [key for key in always if key not in entry]
