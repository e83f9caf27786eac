"""What every way from a person to the gateway has in common, whatever the medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from channels.phone.simulator import Call
from normalizer.record import nothing
from store.unit import Unit
from store.values import CallRecord, Case
from tests.personas.player import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One message as it was handed in, and what came back on the same line."""

    message: Message
    id: str = ""  # the same for all deliveries of one message; empty where there is none
    bodies: Sequence[bytes] = ()
    speaks: bool = True  # words or a file: some answer is due
    faults: Sequence[str] = ()  # what the medium had to complain of


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a person sent at once, and all they then saw or heard before the bot waited for them."""

    first_at: datetime  # when the first of these messages arrived
    deliveries: Sequence[Delivery] = ()
    texts: Sequence[str] = ()
    ctx: Mapping[str, Any] = field(default_factory=nothing)  # on the phone, how the bot waits: answering.md section 2


class Post(Protocol):
    """One person's way to the gateway."""

    channel: str
    unheard: bool  # something was said on a tape, which nobody has listened to yet

    async def say(self, messages: Sequence[Message]) -> Heard:
        """Send these one after another."""
        ...

    async def listen(self) -> Heard:
        """Say nothing for a while."""
        ...

    async def leave(self) -> None:
        """The person goes away; a line that is still open is hung up. Called again it does nothing."""
        ...

    @property
    def recordings(self) -> int:
        """How many recordings of the person were made on the line."""
        ...

    def lines(self) -> Sequence[Call]:
        """The calls of this person as the carrier knows them, oldest first."""
        ...

    async def cases(self, unit: Unit) -> Sequence[Case]:
        """What this person's messages became, oldest first."""
        ...

    async def calls(self, unit: Unit) -> Sequence[CallRecord]:
        """The calls of this person as the gateway knows them, oldest first."""
        ...


def as_told(message: Message, kind: str) -> dict[str, Any]:
    """A bare string is a message of that kind."""
    return {"type": kind, "content": message, "text": message} if isinstance(message, str) else message
