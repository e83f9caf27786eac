"""Sockets to the open Internet alone: for every address that somebody else has named.

A host inside our network answers to requests from here as to one of its own (server-side request forgery, OWASP
API7:2023). A name may change its meaning between a look at it and the call, so the socket itself is guarded.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

import aiohttp

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SIXTY_FOUR = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64, RFC 6052


class Forbidden(OSError):
    """This address is not to be called."""


def is_open(address: Address) -> bool:
    """Is it on the open Internet?"""
    meant = meant_by(address)
    return meant.is_global and not meant.is_multicast


def meant_by(address: Address) -> Address:
    """An IPv4 address in IPv6 clothes is that IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside: Iterable[ipaddress.IPv4Address | None] = (
        address.ipv4_mapped,
        address.sixtofour,
        ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in SIXTY_FOUR else None,
    )
    return next((found for found in inside if found is not None), address)


def guarded(may_reach: Callable[[Address], bool] = is_open) -> aiohttp.TCPConnector:
    """For a session that reaches nothing else, whatever a name resolves to."""

    def opened(found: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, place = found
        if not may_reach(ipaddress.ip_address(str(place[0]).partition("%")[0])):
            raise Forbidden("address is not allowed")
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.TCPConnector(socket_factory=opened, use_dns_cache=False, limit=0, force_close=True)
