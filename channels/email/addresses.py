"""Mail addresses: which ones may be written to, and those of ours that carry a signed word back to us."""

from __future__ import annotations

import hashlib
import hmac
import re

from channels.errors import Rejected

LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
SIGNED = re.compile(r"[A-Za-z0-9_-]{1,40}\.[0-9a-f]{8}")
LONGEST = 254  # RFC 5321 4.5.3.1.3, without the angle brackets


def deliverable(address: str) -> str:
    """The address as SMTP takes it, its domain in ASCII. Raises Rejected for what no server of ours can carry.

    Dots in odd places pass (…@docomo.ne.jp has them); quoted and non-ASCII local parts (RFC 6531) do not: SMTPUTF8 is
    rare, and an address refused here is safer than a transaction left open (email.md 2).
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local):
        raise Rejected("the address has no local part that SMTP can carry", code="address")
    found = f"{local}@{_ascii_domain(domain)}"
    if len(found) > LONGEST:
        raise Rejected("the address is longer than SMTP allows", code="address")
    return found


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def bounce_address(outbound_id: str, *, address: str, secret: bytes) -> str:
    """The envelope sender (VERP) by which a bounce tells which of our messages came back."""
    return f"bounce+{outbound_id}.{_seal('bounce', outbound_id, secret)}@{domain_of(address)}"


def outbound_of_bounce(recipient: str, *, address: str, secret: bytes) -> str:
    """The outbound id in a VERP address of ours, or the empty string when it is not ours or not genuine."""
    return _opened("bounce", recipient, f"bounce@{domain_of(address)}", secret)


def reply_address(number: str, *, address: str, secret: bytes) -> str:
    """Our address with a plus token, by which an answer finds its complaint even when its headers are lost."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{number}.{_seal('reply', number, secret)}@{domain}"


def number_of_reply(recipient: str, *, address: str, secret: bytes) -> str:
    """The complaint number in a plus address of ours, or the empty string when it is not ours or not genuine."""
    return _opened("reply", recipient, address, secret)


def _opened(purpose: str, recipient: str, base: str, secret: bytes) -> str:
    local, _, domain = recipient.strip().strip("<>").rpartition("@")
    name, _, signed = local.partition("+")
    if f"{name}@{domain}".casefold() != base.casefold() or not SIGNED.fullmatch(signed):
        return ""
    word, _, seal = signed.rpartition(".")
    return word if hmac.compare_digest(seal, _seal(purpose, word, secret)) else ""


def _seal(purpose: str, word: str, secret: bytes) -> str:
    return hmac.new(secret, f"email {purpose} {word}".encode(), hashlib.sha256).hexdigest()[:8]


def _ascii_domain(domain: str) -> str:
    try:
        encoded = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Rejected("the domain of the address cannot be written in ASCII", code="address") from error
    if not all(LABEL.fullmatch(label) for label in encoded.split(".")):
        raise Rejected("the domain of the address is malformed", code="address")
    return encoded
