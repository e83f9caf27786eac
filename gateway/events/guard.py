"""Which addresses may be called for somebody who types them into a form: the open Internet, and networks named by us.

An address inside our network answers to requests from here as to one of its own (server-side request forgery, OWASP
API7:2023). The name in a URL may change its meaning between our look and the call, so the socket itself is guarded.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
URL_CHARS = 500
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SIXTY_FOUR = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind NAT64, RFC 6052


class Forbidden(OSError):
    """This address is not to be called."""


class BadUrl(ValueError):
    """A URL that is no endpoint; the argument is a code: https_only, no_host, too_long, has_user, forbidden_address."""


class Guard:
    """``allowed``: networks that may be called although they are not on the open Internet."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    @classmethod
    def of(cls, written: str) -> Guard:
        """From ``10.20.0.0/16, 127.0.0.0/8``; raises ValueError for what is no network."""
        return cls([ipaddress.ip_network(part.strip()) for part in written.split(",") if part.strip()])

    def check(self, url: str) -> str:
        """The URL as it is kept; raises BadUrl."""
        if len(url) > URL_CHARS:
            raise BadUrl("too_long")
        parts = _split(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES):
            raise BadUrl("https_only")
        if parts.username is not None or parts.password is not None:
            raise BadUrl("has_user")
        literal = _literal(parts.hostname or "")
        if literal is not None and not self.may_reach(literal):
            raise BadUrl("forbidden_address")
        return parts._replace(fragment="").geturl()

    def may_reach(self, address: Address) -> bool:
        """Is it on the open Internet, or in a network that was named?"""
        meant = _meant(address)
        if any(meant in network for network in self._allowed if network.version == meant.version):
            return True
        return meant.is_global and not meant.is_multicast

    def connector(self) -> aiohttp.TCPConnector:
        """For a session that reaches nothing else, whatever a name resolves to."""
        return aiohttp.TCPConnector(socket_factory=self._socket, use_dns_cache=False, limit=0, force_close=True)

    def _socket(self, found: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, place = found
        if not self.may_reach(ipaddress.ip_address(str(place[0]).partition("%")[0])):
            raise Forbidden("address is not allowed")
        return socket.socket(family=family, type=kind, proto=protocol)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no port
    except ValueError:
        raise BadUrl("no_host") from None
    if not parts.hostname or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise BadUrl("no_host")
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _meant(address: Address) -> Address:
    """An IPv4 address in IPv6 clothes is that IPv4 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside: Iterable[ipaddress.IPv4Address | None] = (
        address.ipv4_mapped,
        address.sixtofour,
        ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in SIXTY_FOUR else None,
    )
    return next((found for found in inside if found is not None), address)
