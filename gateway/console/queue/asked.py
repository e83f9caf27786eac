"""What somebody asked the queue for: read from a query or a form, and written again for links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from multidict import MultiMapping

from gateway.console.queue.seeking import MAX_CHARS, Sought, sought
from gateway.staff.actor import Actor
from gateway.staff.paging import LARGEST_ID
from store.queue import NOBODY, After, Life, Order, Wanted

CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")
SOON = timedelta(days=3)
DUES = ("over", "day", "soon", "week")
LISTS = ("channel", "status", "priority", "category", "product", "branch")
ME, NONE = "me", "none"
MOST_CODES = 40
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One query; what is empty is not asked."""

    channel: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    branch: tuple[str, ...] = ()
    assignee: str = ""  # me, none, or somebody's id
    due: str = ""  # one of DUES
    life: str = ""  # of store.queue.Life; empty: open ones, and with a search all
    order: str = ""
    merged: str = ""
    items: str = ""  # all: what is no complaint too; a search looks there anyway
    q: str = ""
    after: str = ""

    @property
    def sought(self) -> Sought:
        return sought(self.q)

    @property
    def narrowed(self) -> bool:
        """Is any filter set, the search apart?"""
        return bool(replace(self, q="", after="", order="").query)

    @property
    def query(self) -> str:
        """As a link has it. The words of a search are never part of one: addresses are kept in logs and histories."""
        return urlencode([(name, value) for name, value in self.fields if name not in ("q", "after")])

    @property
    def fields(self) -> list[tuple[str, str]]:
        """As a form has it."""
        lists = [(name, code) for name in LISTS for code in getattr(self, name)]
        singles = [
            (name, getattr(self, name))
            for name in ("assignee", "due", "life", "order", "merged", "items", "q", "after")
        ]
        return [*lists, *[(name, value) for name, value in singles if value]]

    def wanted(self, actor: Actor, now: datetime, hidden: frozenset[int]) -> Wanted:
        """What the store is asked, for this person at this moment; ``hidden`` are ids that they must not learn of."""
        found = self.sought
        begins, ends = _window(self.due, now)
        life = Life(self.life) if self.life else Life.ANY if found else Life.OPEN
        return Wanted(
            life=life,
            order=Order.NEWEST if found or self.order == Order.NEWEST else Order.DUE,
            within=actor.branches,
            channels=self.channel,
            statuses=self.status,
            priorities=self.priority,
            categories=self.category,
            products=self.product,
            branches=self.branch,
            assignee=_assignee(self.assignee, actor),
            due_from=begins,
            due_before=ends,
            with_merged=bool(self.merged),
            all_items=bool(self.items or found),
            exact=found.exact,
            words=found.words,
            but=hidden,
        )


def asked(given: MultiMapping[Any]) -> Asked:
    """Read it; what we do not know is as if it had not been said."""
    return Asked(
        **{name: _codes(given, name) for name in LISTS},
        assignee=_known(given, "assignee", CODE),
        due=_one(given, "due", DUES),
        life=_one(given, "life", tuple(Life)),
        order=_one(given, "order", tuple(Order)),
        merged=_one(given, "merged", ("1",)),
        items=_one(given, "items", ("all",)),
        q=str(given.get("q", ""))[:MAX_CHARS].strip(),
        after=str(given.get("after", ""))[:64],
    )


def cursor(after: After | None) -> str:
    """Where the next page begins; empty on the last."""
    return f"{after.id}-{(after.due_at - EPOCH) // MICROSECOND}" if after is not None else ""


def after_of(cursor: str) -> After | None:
    """The same read again; one that is not ours begins at the front."""
    match = re.fullmatch(r"([0-9]{1,19})-(-?[0-9]{1,18})", cursor)
    if match is None or int(match[1]) > LARGEST_ID:
        return None
    try:
        return After(id=int(match[1]), due_at=EPOCH + MICROSECOND * int(match[2]))
    except OverflowError:
        return None


def _window(due: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    until: Mapping[str, timedelta] = {"day": timedelta(days=1), "soon": SOON, "week": timedelta(days=7)}
    if due == "over":
        return None, now
    return (now, now + until[due]) if due else (None, None)


def _assignee(written: str, actor: Actor) -> int | None:
    if written == ME:
        return actor.person_id if actor.person_id is not None else -1
    if written == NONE:
        return NOBODY
    return int(written) if written.isascii() and written.isdigit() and len(written) < 18 else None


def _codes(given: MultiMapping[Any], name: str) -> tuple[str, ...]:
    written = [str(value) for value in given.getall(name, ())]
    return tuple(dict.fromkeys(code for code in written[:MOST_CODES] if CODE.fullmatch(code)))


def _known(given: MultiMapping[Any], name: str, shape: re.Pattern[str]) -> str:
    written = str(given.get(name, ""))
    return written if shape.fullmatch(written) else ""


def _one(given: MultiMapping[Any], name: str, codes: tuple[str, ...]) -> str:
    written = str(given.get(name, ""))
    return written if written in codes else ""
