"""How much one visitor, and one address, may send: enough for any person, too little for a flood."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from gateway.customers.seals import mark
from gateway.house import House


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Per hour; an address may be a whole office behind one line."""

    visit: int = 30
    address: int = 120
    proofs: int = 60  # of one address, whatever the numbers
    body: int = 55 * 1024 * 1024
    seconds: float = 300.0  # for a body to arrive
    quickest: timedelta = timedelta(seconds=3)  # between the form and its filling: no person is faster
    at_once: int = 8  # large bodies in hand: each lies in memory


async def too_much(house: House, limits: Limits, request: web.Request, visit: str) -> bool:
    """Count one sending; True when it is one too many."""
    by_address = await _hit(house, f"web:address:{mark(house, 'address', address_of(request))}")
    by_visit = await _hit(house, f"web:visit:{mark(house, 'visit', visit)}") if visit else 0
    return by_address > limits.address or by_visit > limits.visit


async def too_many_proofs(house: House, limits: Limits, request: web.Request) -> bool:
    return await _hit(house, f"web:proofs:{mark(house, 'address', address_of(request))}") > limits.proofs


def address_of(request: web.Request) -> str:
    """Whoever asks; behind a proxy on this host, whom the proxy saw last. An IPv6 network counts as one."""
    remote = request.remote or ""
    if _is_ours(remote):
        remote = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or remote
    try:
        found = ipaddress.ip_address(remote)
    except ValueError:
        return remote[:64]
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))


def _is_ours(remote: str) -> bool:
    return not remote or remote.startswith("127.") or remote == "::1"


async def _hit(house: House, key: str) -> int:
    now = house.clock.now()
    async with house.store.unit() as unit:
        count = await unit.counters.hit(key, window_start=now.replace(minute=0, second=0, microsecond=0), now=now)
        await unit.commit()
    return count
