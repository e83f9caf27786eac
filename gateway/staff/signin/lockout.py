"""How often somebody may be wrong: counted by login and by address, before anything is looked at.

Five wrong tries shut the login to the network that they came from, not to the person who sits elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from gateway.staff.signin.rules import SignInRules
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One try, counted already."""

    window: datetime
    keys: tuple[str, ...]
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
        limits = {
            f"sign-in:address:{address}": self.rules.tries_of_address,
            f"sign-in:{what}:{who}:{_network(address)}": self.rules.tries,
        }
        tries = {key: await unit.counters.hit(key, window_start=window, now=now) for key in limits}
        by_address, by_login = (tries[key] <= most for key, most in limits.items())
        if by_address and by_login:  # one network alone never shuts a login to all others
            everywhere = f"sign-in:{what}:{who}"
            tries[everywhere] = await unit.counters.hit(everywhere, window_start=window, now=now)
            by_login = tries[everywhere] <= self.rules.tries_from_everywhere
        return Turn(window=window, keys=tuple(tries), login_open=by_login, address_open=by_address)

    async def forgive(self, unit: Unit, turn: Turn) -> None:
        """It was right: the try costs nothing."""
        for key in turn.keys:
            await unit.counters.take_back(key, window_start=turn.window)

    def _window(self, now: datetime) -> datetime:
        seconds = int(self.rules.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _network(address: str) -> str:
    """Whoever has one address of it has its neighbours."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
