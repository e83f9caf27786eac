"""What was said by whom in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from normalizer.record import SHANGHAI
from tests.personas.player import Player, Script, fields_of, kind_of, words_of
from tests.personas.post import Delivery, Heard, Post


class Part(StrEnum):
    OPENING = "opening"
    MAIN = "main"
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What a person sent at once, and all they then saw before they wrote again."""

    part: Part
    heard: Heard
    began_at: datetime  # when the last of these messages had arrived, or the bot broke the silence
    fired: frozenset[int] = frozenset()  # the interrupts of the script that led to these messages

    @property
    def text(self) -> str:
        """The bot text of answering.md section 2."""
        return "\n".join(self.heard.texts)

    @property
    def ctx(self) -> Mapping[str, Any]:
        return self.heard.ctx

    @property
    def fields(self) -> Sequence[str]:
        """What the text asks for."""
        return fields_of(self.text, self.ctx)


@dataclass(kw_only=True, slots=True)
class Run:
    """One persona's run, as it was seen from outside."""

    script: Script
    player: Player
    post: Post
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
            for delivery in exchange.heard.deliveries:
                yield f"{at}  👤 {_shown(delivery)}"
            yield from (f"{at}  🤖 {line}" for text in exchange.heard.texts for line in text.splitlines())
            if exchange.text:
                yield f"{'':17}({_read_as(exchange)})"


def _read_as(exchange: Exchange) -> str:
    """How the person understands it: "ask name, phone; gather speech dtmf"."""
    waits = [name if held is True else f"{name} {' '.join(held)}" for name, held in exchange.ctx.items() if held]
    fields = ", ".join(exchange.fields)
    return "; ".join([f"{kind_of(exchange.text, exchange.ctx)} {fields}".strip(), *waits])


def _shown(delivery: Delivery) -> str:
    if isinstance(delivery.message, str):
        return delivery.message
    kind = delivery.message["type"]
    words = words_of(delivery.message) or delivery.message.get("event", "")
    key = delivery.message.get("event_key", "") or delivery.message.get("partial", "")
    return f"[{kind}] {words} {key}".strip() if kind != "text" else words
