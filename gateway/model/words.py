"""The customer's own words of a complaint, message by message."""

from __future__ import annotations

from collections import deque

from normalizer.proposals.hiding import Told
from store.unit import Unit
from store.values import Case, LedgerId, Moment

MOST_CHARACTERS = 8000  # that a model is shown of one complaint; the newest words of a longer one
MOST_MESSAGES = 30
PAGE, MOST_PAGES = 200, 10


async def words_of(unit: Unit, case: Case) -> tuple[Told, ...]:
    """What the customer wrote, oldest first, each with the key of its item; nothing that a machine or we said."""
    heard: deque[Moment] = deque(maxlen=MOST_MESSAGES)
    after = 0
    for _ in range(MOST_PAGES):
        moments = await unit.timeline.of(case.id, after=after, limit=PAGE)
        heard.extend(each for each in moments if each.kind == "heard" and each.actor == "customer" and each.text)
        if len(moments) < PAGE:
            break
        after = moments[-1].id
    return tuple([await _told(unit, moment, room) for moment, room in _newest(heard)][::-1])


def _newest(heard: deque[Moment]) -> list[tuple[Moment, int]]:
    """Messages from the newest backwards, each with how many of its characters there is room for."""
    room, chosen = MOST_CHARACTERS, []
    for moment in reversed(heard):
        if room <= 0:
            break
        chosen.append((moment, room))
        room -= len(moment.text)
    return chosen


async def _told(unit: Unit, moment: Moment, room: int) -> Told:
    entry = await unit.ledger.get(LedgerId(int(moment.data.get("item", 0))))
    return Told(text=moment.text[:room], item=entry.key if entry else "")
