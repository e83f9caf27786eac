"""Numbers of other complaints in what is shown of one: only of those that the reader may know of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.casework.doubts import ALIKE, MERGED_HEARD, claimed
from gateway.staff.actor import Actor
from gateway.staff.scope import sees
from normalizer.mask import HIDDEN
from store.unit import Unit
from store.values import Case, Moment, Task

NUMBER = re.compile(r"TS\d{12}")
UNTOLD = f"TS{HIDDEN * 4}"


async def told_of(unit: Unit, actor: Actor, case: Case, entries: Sequence[Moment]) -> Sequence[Moment]:
    """A history without the complaints that they may not know of; a customer's own words stay as they are."""
    hidden = await _hidden(unit, actor, {each for entry in entries for each in _named(entry)} - {case.number})
    return [_without(entry, hidden) for entry in entries] if hidden else entries


async def claims_told(unit: Unit, actor: Actor, tasks: Iterable[Task]) -> dict[str, Task]:
    """Tasks by id, without the complaints that they may not know of: claimed, merged away, or alike."""
    named = [(task, _other_numbers(task)) for task in tasks]
    hidden = await _hidden(unit, actor, {number for _, numbers in named for number in numbers})
    return {task.id: _untold(task, hidden.intersection(numbers)) for task, numbers in named}


async def _hidden(unit: Unit, actor: Actor, numbers: Collection[str]) -> frozenset[str]:
    """A number of nobody is hidden as one of somebody is: what is shown must not tell them apart."""
    if not numbers or (actor.branches is None and actor.person_id is None):
        return frozenset()
    known = await unit.complaints.numbered(numbers)
    return frozenset(number for number in numbers if number not in known or not sees(actor, known[number]))


def _named(entry: Moment) -> Iterator[str]:
    if entry.kind != "heard":
        yield from NUMBER.findall(entry.text)
    yield from _numbers(entry.data)


def _numbers(data: Any) -> Iterator[str]:
    if isinstance(data, str) and NUMBER.fullmatch(data):
        yield data
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _numbers(value)


def _without(entry: Moment, hidden: Collection[str]) -> Moment:
    text = entry.text
    if entry.kind != "heard":
        text = _numbers_hidden(text, hidden)
    return replace(entry, text=text, data=_kept(entry.data, hidden))


def _kept(data: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    return {
        name: _kept(value, hidden) if isinstance(value, Mapping) else value
        for name, value in data.items()
        if not (isinstance(value, str) and value in hidden)
    }


def _other_numbers(task: Task) -> frozenset[str]:
    """The complaints that we ourselves name in it beside its own."""
    first = task.detail.partition("\n")[0]
    if task.reason in (MERGED_HEARD, ALIKE):
        return frozenset(NUMBER.findall(first))
    return frozenset({claimed(task)} - {""})


def _untold(task: Task, hidden: Collection[str]) -> Task:
    """What was said in a complaint that was merged away is hidden with it; a stranger's words are their own."""
    if not hidden:
        return task
    if task.reason == MERGED_HEARD:
        return replace(task, detail="")
    if not claimed(task):
        return replace(task, detail=_numbers_hidden(task.detail, hidden))
    _, _, words = task.detail.partition("\n")  # the first line, which is the claim, stays empty
    return replace(task, detail=f"\n{_numbers_hidden(words, hidden)}")


def _numbers_hidden(text: str, hidden: Collection[str]) -> str:
    return NUMBER.sub(lambda found: UNTOLD if found[0] in hidden else found[0], text)
