"""How much one visitor, and one address, may send: enough for any person, too little for a flood."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from aiohttp import web

from gateway.customers.patience import Patience, Tally
from gateway.customers.seals import mark
from gateway.house import House
from gateway.staff.signin.rules import Network, networks
from gateway.staff.signin.web import address_of as named_last
from store.errors import Unavailable

LOOPBACK = "127.0.0.0/8,::1/128"  # a proxy on this host needs no setting


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Per hour; an address may be a whole office behind one line."""

    visit: int = 30
    address: int = 120
    proofs: int = 60  # wrong ones of one address, whatever the numbers
    wrong_proofs: int = 300  # of all addresses: beyond, those that were wrong before wait
    drafts: int = 400  # of one visit: a pause in typing saves one
    drafts_of_address: int = 2000
    unread: int = 1  # bodies of one visit that are no form and still kept for a person
    unread_of_address: int = 10
    body: int = 55 * 1024 * 1024
    small: int = 256 * 1024  # needs no place
    seconds: float = 300.0  # for a body to arrive
    patience: float = 10.0  # for a body to begin with; each byte earns more
    slowest: int = 8 * 1024  # bytes a second
    quickest: timedelta = timedelta(seconds=3)  # between the form and its filling: no person is faster
    at_once: int = 8  # large bodies in hand: each lies in memory
    of_one: int = 2  # of them, of one address
    database: Patience = field(default_factory=Patience, compare=False)  # how long it is waited for
    tally: Tally = field(default_factory=Tally, compare=False)  # of this process, while the database is away


async def too_much(house: House, limits: Limits, request: web.Request, visit: str) -> bool:
    """Count one sending; True when it is one too many."""
    return await _beyond(house, limits, request, visit, "", (limits.address, limits.visit))


async def too_much_typing(house: House, limits: Limits, request: web.Request, visit: str) -> bool:
    """Count one draft; True when it is one too many."""
    return await _beyond(house, limits, request, visit, "drafts:", (limits.drafts_of_address, limits.drafts))


async def too_much_unread(house: House, limits: Limits, request: web.Request, visit: str) -> bool:
    """Count one body that is no form; True when a person has enough of them to look at."""
    return await _beyond(house, limits, request, visit, "unread:", (limits.unread_of_address, limits.unread))


async def proofs_of(house: House, request: web.Request) -> int:
    """Count one proof before it is looked at; how many of this address were wrong or are being looked at."""
    return await _hit(house, _proofs(house, request))


async def forgive_proof(house: House, request: web.Request) -> None:
    """It was right: it costs nothing."""
    async with house.store.unit() as unit:
        await unit.counters.take_back(_proofs(house, request), window_start=hour(house.clock.now()))
        await unit.commit()


def address_of(house: House, request: web.Request) -> str:
    """Whoever asks; behind a proxy of ours, whom it saw. An IPv6 network counts as one."""
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    remote = named_last(request, _proxies(house.settings.trusted_proxies)) or told[:64]
    try:
        found = ipaddress.ip_address(remote)
    except ValueError:
        return remote
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))


def hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


@cache
def _proxies(told: str) -> tuple[Network, ...]:
    return networks(f"{LOOPBACK},{told}")


def _proofs(house: House, request: web.Request) -> str:
    return f"web:proofs:{mark(house, 'address', address_of(house, request))}"


async def _beyond(
    house: House, limits: Limits, request: web.Request, visit: str, what: str, most: tuple[int, int]
) -> bool:
    """``most`` of the address, and of the visit."""
    by_address = await _count(house, limits, f"web:{what}address:{mark(house, 'address', address_of(house, request))}")
    by_visit = await _count(house, limits, f"web:{what}visit:{mark(house, 'visit', visit)}") if visit else 0
    return by_address > most[0] or by_visit > most[1]


async def _count(house: House, limits: Limits, key: str) -> int:
    """Of all processes; of this one while the database is away."""
    try:
        return await limits.database.ask(lambda: _hit(house, key))
    except Unavailable:
        return limits.tally.hit(key, hour(house.clock.now()))


async def _hit(house: House, key: str) -> int:
    now = house.clock.now()
    async with house.store.unit() as unit:
        count = await unit.counters.hit(key, window_start=hour(now), now=now)
        await unit.commit()
    return count
