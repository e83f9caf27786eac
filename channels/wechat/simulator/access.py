"""Access tokens as the platform gives and takes them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from channels.base import Clock

LASTS = timedelta(seconds=7200)
OVERLAP = timedelta(seconds=300)

UNKNOWN = 40001
EXPIRED = 42001


class Access:
    """The stable token (the same for all callers) and the legacy one (each fetch ends the one before)."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.good: dict[str, datetime] = {}  # token: until when
        self.stable = ""
        self.legacy = ""
        self.refuse_all = False  # as after a change of AppSecret: tokens are given, none is taken

    def give_stable(self, *, force: bool = False) -> tuple[str, int]:
        """Token and seconds; normal mode renews it five minutes before its end and lets the old one live on."""
        now = self.clock.now()
        if force:
            self.good.pop(self.stable, None)
        if force or self.good.get(self.stable, now) - now <= OVERLAP:
            self.stable = self._new("stable")
        return self.stable, int((self.good[self.stable] - now).total_seconds())

    def give_legacy(self) -> tuple[str, int]:
        before = self.legacy
        if before in self.good:
            self.good[before] = min(self.good[before], self.clock.now() + OVERLAP)
        self.legacy = self._new("legacy")
        return self.legacy, int(LASTS.total_seconds())

    def rotate(self, *, keep_old: bool = False) -> None:
        """The platform changes the stable token before its time."""
        if keep_old:
            self.good[self.stable] = self.clock.now() + OVERLAP
        else:
            self.good.pop(self.stable, None)

    def check(self, token: str) -> int:
        """The errcode for a call with this token."""
        until = self.good.get(token)
        if until is None or self.refuse_all:
            return UNKNOWN
        return 0 if self.clock.now() < until else EXPIRED

    def _new(self, kind: str) -> str:
        token = f"{kind}-{secrets.token_urlsafe(24)}"
        self.good[token] = self.clock.now() + LASTS
        return token
