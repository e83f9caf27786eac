"""Which addresses may be called for somebody who types them into a form: the open Internet, and networks named by us.

Why, and how the socket itself is guarded: ``channels/open_net.py``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

import aiohttp

from channels.open_net import Address, Forbidden, guarded, is_open, meant_by

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
URL_CHARS = 500
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


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
        meant = meant_by(address)
        if any(meant in network for network in self._allowed if network.version == meant.version):
            return True
        return is_open(meant)

    def connector(self) -> aiohttp.TCPConnector:
        """For a session that reaches nothing else, whatever a name resolves to."""
        return guarded(self.may_reach)


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


__all__ = ["BadUrl", "Forbidden", "Guard"]
