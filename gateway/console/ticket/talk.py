"""The conversation as it happened, on whatever channel, with the proof of what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.console.moments import heard_in_words, step_in_words
from gateway.console.wording import Wording
from gateway.staff.masking import Mask
from gateway.staff.shapes import DeliveryShown, MomentShown

SPOKEN = frozenset({"heard", "said", "note"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One thing said. ``side``: theirs, ours, note (colleagues alone), step (what happened in between)."""

    side: str
    at: datetime
    kind: str
    actor: str
    text: str
    item: int = 0  # of the ledger: the original is kept there
    status: str = ""
    data: str = ""


def turns(moments: Iterable[MomentShown], t: Wording) -> list[Turn]:
    return [_turn(each, t) for each in _as_it_went(moments)]


def _as_it_went(moments: Iterable[MomentShown]) -> list[MomentShown]:
    """What was heard stands before what it led to: a step is written at the same moment, but first."""
    ordered: list[MomentShown] = []
    for each in moments:
        place = len(ordered)
        while each.kind == "heard" and place and _is_step(ordered[place - 1], each.at):
            place -= 1
        ordered.insert(place, each)
    return ordered


def _is_step(moment: MomentShown, at: datetime) -> bool:
    return moment.at == at and moment.kind not in SPOKEN


def _turn(moment: MomentShown, t: Wording) -> Turn:
    status = moment.text if moment.kind == "status" else ""
    return Turn(
        side=_side(moment),
        at=moment.at,
        kind=moment.kind,
        actor=moment.actor,
        text=_words(moment, t),
        item=_item(moment.data),
        status=status,
    )


def _words(moment: MomentShown, t: Wording) -> str:
    match moment.kind:
        case "heard":
            return heard_in_words(moment.text, t)
        case "said" | "note":
            return moment.text
        case "status":
            return str(moment.data.get("note") or "")
    return step_in_words(moment.kind, moment.text, moment.data, t)


def _side(moment: MomentShown) -> str:
    sides = {"heard": "theirs", "said": "ours", "note": "note"}
    return sides.get(moment.kind, "step")


def _item(data: dict[str, Any]) -> int:
    item = data.get("item")
    return item if type(item) is int and item > 0 else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """One message with the proof that it arrived, or why not; a letter also with its way by post."""

    delivery: DeliveryShown
    post: str = ""
    tracking: str = ""
    posted_at: datetime | None = None
    ended_at: datetime | None = None


def sent(deliveries: Sequence[DeliveryShown], postings: Iterable[Any], mask: Mask) -> list[Sent]:
    """The newest first; ``postings`` are store.values.Posting."""
    by_post = {posting.id: posting for posting in postings}
    found = []
    for delivery in reversed(deliveries):
        posting = by_post.get(delivery.id)
        found.append(
            Sent(delivery=delivery)
            if posting is None
            else Sent(
                delivery=delivery,
                post=posting.state.value,
                tracking=mask.value("policy_number", posting.tracking),
                posted_at=posting.posted_at,
                ended_at=posting.ended_at,
            )
        )
    return found
