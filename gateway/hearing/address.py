"""Where recordings may be sent: over https, or to a recogniser on this very host."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

VERB = "/audio/transcriptions"


def address_of(url: str) -> str:
    """The address of the verb. Raises ValueError without quoting the URL, which may hold a key."""
    why = _wrong_with(url)
    if why:
        raise ValueError(f"TOUSU_SPEECH_URL {why}")
    return url.rstrip("/") + VERB


def _wrong_with(url: str) -> str:
    parts = _parts(url)
    if parts is None or not parts.hostname or parts.scheme not in ("https", "http"):
        return "must be a URL that begins with https://"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "is an address only; the key goes into TOUSU_SPEECH_KEY"
    if parts.scheme == "http" and not _is_this_host(parts.hostname):
        return "is plain http://, which is for loopback only: recordings would travel in clear"
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
