"""What was said by whom in one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from normalizer.record import SHANGHAI
from tests.personas.player import Player, Script, kind_of, words_of
from tests.personas.post import Delivery


class Part(StrEnum):
    OPENING = "opening"
    MAIN = "main"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What a person sent at once, and all they then saw before they wrote again."""

    part: Part
    first_at: datetime  # when the first of these messages arrived
    began_at: datetime  # when the last of them had, or the bot broke the silence
    deliveries: Sequence[Delivery] = ()
    heard: Sequence[str] = ()
    fired: frozenset[int] = frozenset()  # the interrupts of the script that led to these messages

    @property
    def text(self) -> str:
        """The bot text of answering.md section 2."""
        return "\n".join(self.heard)


@dataclass(kw_only=True, slots=True)
class Run:
    """One persona's run, as it was seen from outside."""

    script: Script
    player: Player
    openid: str
    others: Sequence[Script]  # facts of the other people whose cases were made before
    set_before: Sequence[str] = ()  # numbers of the cases made before
    exchanges: list[Exchange] = field(default_factory=list)
    main_turns: int = 0
    main_goal: str = "complaint"

    @property
    def texts(self) -> Sequence[str]:
        """Every non-empty bot text."""
        return [exchange.text for exchange in self.exchanges if exchange.text]

    def of(self, *parts: Part) -> Sequence[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.part in parts]

    def after_the_phrase(self) -> Sequence[str]:
        """Bot texts from the interrupt marked ``phrase`` on; all of them when the opening already holds it."""
        marked = {n for n, each in enumerate(self.script["script"].get("interrupts", [])) if each.get("phrase")}
        start = next((n for n, each in enumerate(self.exchanges) if each.fired & marked), 0)
        return [exchange.text for exchange in self.exchanges[start:] if exchange.text]

    def lines(self) -> Iterator[str]:
        """The transcript for people to read."""
        for exchange in self.exchanges:
            at = exchange.began_at.astimezone(SHANGHAI).strftime("%d日 %H:%M:%S")
            for delivery in exchange.deliveries:
                yield f"{at}  👤 {_shown(delivery)}"
            yield from (f"{at}  🤖 {line}" for heard in exchange.heard for line in heard.splitlines())
            if exchange.text:
                yield f"{'':17}({kind_of(exchange.text)})"


def _shown(delivery: Delivery) -> str:
    if isinstance(delivery.message, str):
        return delivery.message
    kind = delivery.message["type"]
    words = words_of(delivery.message) or delivery.message.get("event", "")
    key = delivery.message.get("event_key", "")
    return f"[{kind}] {words} {key}".strip() if kind != "text" else words
