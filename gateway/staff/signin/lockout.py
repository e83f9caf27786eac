"""How often somebody may be wrong: counted by login and by address, before anything is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.staff.signin.rules import SignInRules
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One try, counted already."""

    window: datetime
    keys: tuple[str, str]
    login_open: bool
    address_open: bool

    @property
    def open(self) -> bool:
        return self.login_open and self.address_open


@dataclass(frozen=True, slots=True)
class Lockout:
    """Counts tries; guessing in parallel gains nothing, since a try counts before it is judged."""

    rules: SignInRules

    async def take(self, unit: Unit, what: str, who: str, address: str, now: datetime) -> Turn:
        """Count one try at ``what`` (password, code) of ``who`` from an address."""
        window = self._window(now)
        keys = (f"sign-in:{what}:{who}", f"sign-in:address:{address}")
        tries = [await unit.counters.hit(key, window_start=window, now=now) for key in keys]
        return Turn(
            window=window,
            keys=keys,
            login_open=tries[0] <= self.rules.tries,
            address_open=tries[1] <= self.rules.tries_of_address,
        )

    async def forgive(self, unit: Unit, turn: Turn) -> None:
        """It was right: the try costs nothing."""
        for key in turn.keys:
            await unit.counters.take_back(key, window_start=turn.window)

    def _window(self, now: datetime) -> datetime:
        seconds = int(self.rules.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
