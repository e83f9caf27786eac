"""The views beside the queue: those that everybody has, and those that were saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from multidict import MultiDict

from gateway.console.queue.asked import Asked, asked
from gateway.console.wording import Wording
from gateway.staff.actor import Actor, Right
from store.desk import View
from store.queue import COUNTED, Wanted

BUILT_IN = (
    ("open", ""),
    ("mine", "assignee=me"),
    ("unassigned", "assignee=none"),
    ("soon", "due=soon"),
    ("over", "due=over"),
    ("urgent", "priority=P0&priority=P1"),
)
CHANNELS = ("wechat", "phone", "email", "letter", "web", "counter")
NAME_CHARS, QUERY_CHARS = 40, 1500


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """One view, as it stands beside the queue."""

    key: str
    name: str
    query: str
    group: str  # views, channels, saved
    id: int = 0  # of a saved one that this person may remove
    count: str = ""
    current: bool = False


def shelves(saved: Sequence[View], actor: Actor, now_asked: Asked, t: Wording) -> list[Shelf]:
    """All views of a person, without their counts."""
    found = [Shelf(key=key, name=t(f"queue.view_{key}"), query=query, group="views") for key, query in BUILT_IN]
    found += [_of_channel(channel, t) for channel in CHANNELS]
    found += [_saved(view, actor) for view in saved]
    return [_marked(shelf, now_asked) for shelf in found]


def wanted_of(shelves: Sequence[Shelf], actor: Actor, now: datetime, hidden: frozenset[int]) -> Mapping[str, Wanted]:
    """What each of them is counted by."""
    return {shelf.key: asked_of(shelf.query).wanted(actor, now, hidden) for shelf in shelves}


def shown_count(count: int) -> str:
    """99+, beyond which nothing was counted."""
    return str(count) if count < COUNTED else f"{COUNTED - 1}+"


def asked_of(query: str) -> Asked:
    return asked(MultiDict(parse_qsl(query[:QUERY_CHARS])))


def may_remove(view: View, actor: Actor) -> bool:
    """One's own; those of everybody are a supervisor's."""
    return actor.may(Right.ASSIGN) if view.person_id is None else view.person_id == actor.person_id


def _of_channel(channel: str, t: Wording) -> Shelf:
    return Shelf(key=channel, name=t.code("channel", channel), query=f"channel={channel}", group="channels")


def _saved(view: View, actor: Actor) -> Shelf:
    id = view.id if may_remove(view, actor) else 0
    return Shelf(key=f"v{view.id}", name=view.name, query=asked_of(view.query).query, group="saved", id=id)


def _marked(shelf: Shelf, now_asked: Asked) -> Shelf:
    current = not now_asked.q and shelf.query == now_asked.query
    return Shelf(key=shelf.key, name=shelf.name, query=shelf.query, group=shelf.group, id=shelf.id, current=current)
