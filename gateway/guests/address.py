"""Where a guest may be: behind https, or on this very host; never half configured."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a guest's settings are called, for whoever has to mend them."""

    url: str
    key: str
    model: str
    carries: str  # what is sent there


def is_invited(url: str, model: str, names: Names) -> bool:
    """Whether the settings name a guest at all. Raises ValueError for an address without a model."""
    if url and not model:
        raise ValueError(f"{names.model} is empty: {names.url} needs to be told which model to ask for")
    return bool(url)


def address_of(url: str, verb: str, names: Names) -> str:
    """The address of the verb. Raises ValueError without quoting the URL, which may hold a key."""
    why = _wrong_with(url, names)
    if why:
        raise ValueError(f"{names.url} {why}")
    return url.rstrip("/") + verb


def _wrong_with(url: str, names: Names) -> str:
    parts = _parts(url)
    if parts is None or not parts.hostname or parts.scheme not in ("https", "http"):
        return "must be a URL that begins with https://"
    if parts.username or parts.password or parts.query or parts.fragment:
        return f"is an address only; the key goes into {names.key}"
    if parts.scheme == "http" and not _is_this_host(parts.hostname):
        return f"is plain http://, which is for loopback only: {names.carries} would travel in clear"
    return ""


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_this_host(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
