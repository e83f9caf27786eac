"""What the providers received, against what our outbox believes."""

from __future__ import annotations

import email
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from store.values import OutboxState, Parcel
from tests.chaos.people.around import Around

LIMBO = frozenset({OutboxState.WAITING, OutboxState.CLAIMED, OutboxState.HELD})
TAKEN = frozenset({OutboxState.SENT, OutboxState.DELIVERED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """``limbo``: nobody knows; ``not_there``: we say sent, and they have nothing; ``unknown``: they have what we do
    not know of; ``twice``: how many came more than once, which may be.
    """

    limbo: list[str]
    not_there: list[str]
    unknown: list[str]
    twice: int


def compare(around: Around, parcels: Iterable[Parcel]) -> Compared:
    all_of_them = list(parcels)
    limbo = [f"{each.channel} {each.kind} {each.state}: {each.error}" for each in all_of_them if each.state in LIMBO]
    there, known = Counter(_received(around)), Counter(_believed(all_of_them, TAKEN))
    # Taken, and refused for the quota's sake when it was tried again after a crash: it waits until the person writes.
    parked = set(_believed(all_of_them, {OutboxState.PARKED}))
    return Compared(
        limbo=limbo,
        not_there=sorted((known - there).keys()),
        unknown=sorted(there.keys() - known.keys() - parked),
        twice=sum((there - known).values()),
    )


def _received(around: Around) -> Iterator[str]:
    """Each by a name that both sides know; a text in a chat is all that WeChat tells it by."""
    for _, _, raw in around.mail.accepted:
        yield f"mail {email.message_from_bytes(raw)['Message-ID']}"
    for message in around.carrier.rest.messages.kept.values():
        yield f"text {message.sid}"
    for path in around.post.outgoing.glob("*.json"):
        yield f"print {json.loads(path.read_text())['id']}"
    for openid, person in around.wechat.people.items():
        for line in person.chat:
            if line.by == "customer_service":
                yield f"chat {openid} {line.text}"


def _believed(parcels: Iterable[Parcel], states: Set[OutboxState]) -> Iterator[str]:
    for parcel in parcels:
        if parcel.state not in states:
            continue
        match parcel.channel, parcel.via:
            case "email", _:
                yield f"mail {parcel.provider_id}"
            case "phone", _:
                yield f"text {parcel.provider_id}"
            case "letter", _:
                yield f"print {parcel.id}"
            case "wechat", "customer_service" | "":
                yield f"chat {parcel.to.value} {parcel.text}"
