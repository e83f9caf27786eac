"""How many customer-service messages a person may still get, so that news of the result always finds one.

After a message: 5 within 48 hours; after a menu click, a follow, a scan: 3 within one minute. Each sets count and time
to its maximum, they do not add up (told of mini programs; WeChat's 45047 and 45015 are the truth here, and close the
ledger). https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from channels.base import Clock, Memory, Outbound, OutboundKind
from channels.errors import Retryable


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What one thing that a person does allows us."""

    messages: int
    lasts: timedelta


AFTER_MESSAGE = Window(messages=5, lasts=timedelta(hours=48))
AFTER_GESTURE = Window(messages=3, lasts=timedelta(minutes=1))
KEPT = AFTER_MESSAGE.lasts  # what is older counts in no window, and what WeChat closed then has closed by itself
MARGIN = timedelta(seconds=5)  # our clock and theirs, and the way there
WORTH_RESERVE = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT})
TRIES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What was sent to one person in the last 48 hours, and when WeChat last said it is enough."""

    sent: tuple[datetime, ...] = ()
    closed_at: datetime | None = None

    def since(self, then: datetime) -> int:
        return sum(1 for at in self.sent if at >= then)

    def to_json(self) -> str:
        sent = [at.isoformat() for at in self.sent]
        return json.dumps({"sent": sent, "closed": self.closed_at.isoformat() if self.closed_at else None})

    @classmethod
    def from_json(cls, told: str | None) -> Ledger:
        found = json.loads(told) if told else {}
        closed = found.get("closed")
        return cls(
            sent=tuple(datetime.fromisoformat(at) for at in found.get("sent", ())),
            closed_at=datetime.fromisoformat(closed) if closed else None,
        )


class Quota:
    """The ledgers, shared by all processes; costs nothing when a message comes in."""

    def __init__(self, *, memory: Memory, clock: Clock, reserve: int) -> None:
        self.memory = memory
        self.clock = clock
        self.reserve = reserve

    async def take(self, outbound: Outbound) -> datetime | None:
        """Enter one message before it is sent; the time it stands under, or None when it must not be sent."""
        key = _key(outbound.to.value)
        for _ in range(TRIES):
            now = self.clock.now().astimezone(UTC)
            told = await self.memory.get(key)
            ledger = Ledger.from_json(told)
            if not self._allows(ledger, outbound, now):
                return None
            kept = tuple(at for at in ledger.sent if now - at < AFTER_MESSAGE.lasts)
            if await self.memory.swap(key, told, replace(ledger, sent=(*kept, now)).to_json(), keep=KEPT):
                return now
        raise Retryable("many messages to one person at once")

    async def give_back(self, openid: str, taken: datetime) -> None:
        """WeChat refused it: it does not count."""
        await self._change(openid, lambda ledger: replace(ledger, sent=_without(ledger.sent, taken)))

    async def close(self, openid: str) -> None:
        """WeChat says that it is enough, until the person writes again."""
        now = self.clock.now().astimezone(UTC)
        await self._change(openid, lambda ledger: replace(ledger, closed_at=now))

    def _allows(self, ledger: Ledger, outbound: Outbound, now: datetime) -> bool:
        heard = _time(outbound.context, "last_heard_at")
        gesture = _time(outbound.context, "last_gesture_at")
        if heard is None and gesture is None:
            heard = now - AFTER_MESSAGE.lasts + 2 * MARGIN  # nobody told us: try, WeChat knows
        if ledger.closed_at and not any(at and at > ledger.closed_at for at in (heard, gesture)):
            return False
        kept_back = 0 if outbound.kind in WORTH_RESERVE else self.reserve
        return _open(AFTER_MESSAGE, heard, ledger, now, kept_back) or _open(AFTER_GESTURE, gesture, ledger, now, 0)

    async def _change(self, openid: str, change: Callable[[Ledger], Ledger]) -> None:
        for _ in range(TRIES):
            told = await self.memory.get(_key(openid))
            changed = change(Ledger.from_json(told))
            if await self.memory.swap(_key(openid), told, changed.to_json(), keep=KEPT):
                return


def _open(window: Window, since: datetime | None, ledger: Ledger, now: datetime, kept_back: int) -> bool:
    if since is None or not now - since < window.lasts - MARGIN:
        return False
    return ledger.since(since) < window.messages - kept_back


def _time(context: Mapping[str, str], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(context.get(name, ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _without(sent: tuple[datetime, ...], taken: datetime) -> tuple[datetime, ...]:
    left = list(sent)
    if taken in left:
        left.remove(taken)
    return tuple(left)


def _key(openid: str) -> str:
    """Memory encrypts its values, not its keys: an openid is a person's."""
    return f"quota:{hashlib.sha256(openid.encode()).hexdigest()[:32]}"
