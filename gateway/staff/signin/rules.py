"""What the insurer has decided about signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

Demand = Literal["off", "optional", "required"]
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInRules:
    """Times, limits, and whether a second factor is asked for."""

    longest: timedelta = timedelta(hours=12)  # a session ends, however busy
    idle: timedelta = timedelta(minutes=60)  # and earlier when nobody uses it
    totp: Demand = "optional"
    tries: int = 5  # wrong passwords, or codes, of one person within a window, from one network
    tries_from_everywhere: int = 50  # of one person, from all networks together
    tries_of_address: int = 50  # of one address, behind which a whole branch may sit
    window: timedelta = timedelta(minutes=15)
    proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For is believed


def networks(text: str) -> tuple[Network, ...]:
    """Networks or addresses by commas; raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
