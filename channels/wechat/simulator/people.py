"""The people who write to the account: what they see, and what WeChat lets us send them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BUSY = "该公众号暂时无法提供服务，请稍后再试"

OVER_TIME = 45015
OVER_COUNT = 45047


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a chat, as its owner sees it."""

    at: datetime
    by: str  # person, passive, customer_service, template, subscription, wechat (its own notice)
    text: str
    link: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Allowance:
    """So many messages until then."""

    left: int = 0
    until: datetime | None = None

    def open(self, now: datetime) -> bool:
        return self.until is not None and now < self.until


@dataclass(kw_only=True, slots=True)
class Person:
    """One follower: chat, windows, grants."""

    openid: str
    following: bool = True
    blocks: bool = False  # refuses the account's messages in their own settings
    chat: list[Line] = field(default_factory=list)
    after_message: Allowance = field(default_factory=Allowance)
    after_gesture: Allowance = field(default_factory=Allowance)
    grants: Counter[str] = field(default_factory=Counter)  # subscription notices agreed to, by template

    def wrote(self, now: datetime) -> None:
        self.after_message = Allowance(left=5, until=now + timedelta(hours=48))

    def moved(self, now: datetime) -> None:
        """A menu click, a follow, a scan."""
        self.after_gesture = Allowance(left=3, until=now + timedelta(minutes=1))

    def spend(self, now: datetime) -> int:
        """Count one customer-service message; the errcode."""
        if not self.following:
            return OVER_TIME
        allowances = [one for one in (self.after_gesture, self.after_message) if one.open(now)]
        if not allowances:
            return OVER_TIME
        for allowance in allowances:
            if allowance.left:
                allowance.left -= 1
                return 0
        return OVER_COUNT

    def sees(self, line: Line) -> None:
        self.chat.append(line)

    def left(self, now: datetime) -> int:
        """How many customer-service messages this person may still get now."""
        return sum(one.left for one in (self.after_message, self.after_gesture) if one.open(now))
