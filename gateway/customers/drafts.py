"""A half filled form, kept for whoever has the visit's cookie, and only for a week."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from gateway.customers.patience import Patience
from gateway.customers.visits import VISIT_KEPT
from gateway.house import House
from gateway.memory import Drawer
from normalizer.record import nothing

LONGEST, LONGEST_MATTER = 2000, 15_000  # characters, as in the form


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Where one visit stands."""

    values: Mapping[str, str] = field(default_factory=nothing)  # as typed
    sent: Mapping[str, str] = field(default_factory=nothing)  # what the complaint has of them
    number: str = ""
    missing: tuple[str, ...] = ()  # what is asked now
    doubtful: tuple[str, ...] = ()  # what we could not make out
    text: str = ""  # what we said last
    done: bool = False  # nothing is asked any more
    danger: bool = False  # somebody may be in danger: no form


class Drafts:
    """Encrypted at rest; forgotten when the visit is. Each verb raises Unavailable."""

    def __init__(self, house: House, database: Patience) -> None:
        self._drawer = Drawer(house.store, "web-drafts", house.clock)
        self._database = database

    async def get(self, visit: str) -> Draft:
        kept = await self._database.ask(lambda: self._drawer.get(visit)) if visit else None
        return _draft(json.loads(kept)) if kept else Draft()

    async def put(self, visit: str, draft: Draft) -> None:
        kept = json.dumps(_plain(draft), ensure_ascii=False)
        await self._database.ask(lambda: self._drawer.put(visit, kept, keep=VISIT_KEPT))

    async def forget(self, visit: str) -> None:
        await self._drawer.put(visit, json.dumps(_plain(Draft())), keep=VISIT_KEPT)


def _plain(draft: Draft) -> dict[str, Any]:
    return asdict(replace(draft, values=_bounded(draft.values), sent=_bounded(draft.sent)))


def _bounded(values: Mapping[str, str]) -> dict[str, str]:
    """As much as the page lets anybody type; what is sent in is kept whole elsewhere."""
    return {name: value[: LONGEST_MATTER if name == "matter" else LONGEST] for name, value in values.items()}


def _draft(kept: Mapping[str, Any]) -> Draft:
    return Draft(**{**kept, "missing": tuple(kept["missing"]), "doubtful": tuple(kept["doubtful"])})
