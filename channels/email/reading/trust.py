"""What our own mail server found out about the sender (Authentication-Results, RFC 8601), and when it took the mail.

Anybody can write such a line. Ours stands above everything that came from outside: before the second Received, with our
name in front, and as the topmost of its kind. Everything else of that name is somebody's claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from channels.email.reading.headers import Headers, date_of
from channels.email.reading.words import clean_line

_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"^\s*(dmarc|spf|dkim|arc)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.I)
_PROPERTY = re.compile(r"(?:header\.(?P<part>from|d|i)|smtp\.(?P<envelope>mailfrom|helo))\s*=\s*\"?([^\s;\"]+)", re.I)
_BY = re.compile(r"\bby\s+([A-Za-z0-9._-]+)")
_WRITTEN_BY_SENDER = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Auth:
    """Verdicts of our own mail server; empty where it gave none. ``aligned``: the From address is proven."""

    dmarc: str = ""
    spf: str = ""
    dkim: str = ""
    aligned: bool = False

    @property
    def refuted(self) -> bool:
        """Our server says that this is not from whom it claims to be."""
        if self.dmarc:
            return self.dmarc == "fail"
        return self.spf in {"fail", "hardfail"} and self.dkim != "pass"


def verdict(headers: Headers, sender: str, authserv_ids: frozenset[str]) -> Auth:
    """The verdict of the topmost Authentication-Results, if that one is ours."""
    for value in _trusted_region(headers):
        text = _COMMENT.sub(" ", clean_line(value.decode("latin-1")))
        head, *results = text.split(";")
        if head.strip().split(" ")[0].lower() not in authserv_ids:
            return Auth()
        return _results(results, sender)
    return Auth()


def _trusted_region(headers: Headers) -> list[bytes]:
    """Authentication-Results that stand where only our own server writes: no lower than its own Received."""
    found: list[bytes] = []
    hops = 0
    for name, value in headers.fields:
        hops += name == "received"
        if hops > 1 and found:
            break
        if name in _WRITTEN_BY_SENDER and hops:
            break
        if name == "authentication-results":
            found.append(value)
            if hops > 1 and not _all_ours(headers, hops):
                return []
    return found


def _all_ours(headers: Headers, hops: int) -> bool:
    """The Received lines so far were all written by one organisation: internal hops above the verdict."""
    hosts = [_host(value) for value in headers.every("received")[:hops]]
    domains = {host.split(".", 1)[-1] for host in hosts}
    return len(domains) == 1 and "" not in domains


def _results(results: list[str], sender: str) -> Auth:
    verdicts: dict[str, str] = {}
    claimed = ""
    for result in results:
        method = _METHOD.match(result)
        if method is None:
            continue
        name, value = method[1].lower(), method[2].lower()
        if name not in verdicts or value == "pass":
            verdicts[name] = value
        if name == "dmarc":
            claimed = next((match[3].lower() for match in _PROPERTY.finditer(result) if match["part"] == "from"), "")
    domain = sender.rpartition("@")[2].lower()
    dmarc = verdicts.get("dmarc", "")
    matches = not claimed or claimed.rpartition("@")[2] == domain
    return Auth(
        dmarc=dmarc,
        spf=verdicts.get("spf", ""),
        dkim=verdicts.get("dkim", ""),
        aligned=dmarc == "pass" and bool(domain) and matches,
    )


def taken_at(headers: Headers, authserv_ids: frozenset[str], domain: str) -> datetime | None:
    """When our mail server took the mail: its topmost Received."""
    ours = None
    for value in headers.every("received"):
        host = _host(value)
        if host in authserv_ids or (ours is None and host.endswith("." + domain)):
            moment = date_of(value.decode("latin-1").rpartition(";")[2])
            if moment and host in authserv_ids:
                return moment
            ours = ours or moment
    return ours


def _host(received: bytes) -> str:
    match = _BY.search(_COMMENT.sub(" ", received.decode("latin-1")))
    return match[1].lower().rstrip(".") if match else ""
