"""The settings of the e-mail channel, checked once when they are made."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from channels.email.addresses import deliverable
from channels.errors import Rejected


class Security(StrEnum):
    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # asked for, and insisted on
    NONE = "none"  # loopback only


# scheme of the URL: (security, usual port)
IMAP_SCHEMES = {"imaps": (Security.TLS, 993), "imap": (Security.NONE, 143)}
SMTP_SCHEMES = {
    "smtps": (Security.TLS, 465),
    "smtp+starttls": (Security.STARTTLS, 587),
    "smtp": (Security.NONE, 25),
}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class ImapServer:
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    mailbox: str = "INBOX"


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailSettings:
    """What a person sets. Raises ValueError that names the setting at fault and never shows a password."""

    address: str  # the company's address for complaints, also the sender of our answers
    imap_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    processed: str = "Processed"  # where handled mails go
    quarantine: str = "Quarantine"  # where mails go that nobody could read
    poll: float = 60.0  # seconds between looks into the mailbox when nothing is pushed
    verp: bool = False  # bounces come back to bounce+…@; needs a server that lets us choose the envelope sender
    reply_token: bool = False  # Reply-To with a plus token; needs a mailbox that takes plus addresses
    secret: bytes = field(default=b"", repr=False)  # seals both of these
    org_name: str = ""

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        _our_address(self.address)
        parse_imap_url(self.imap_url)
        parse_smtp_url(self.smtp_url)
        if self.poll <= 0:
            raise ValueError("the e-mail poll time must be more than 0 seconds")
        if (self.verp or self.reply_token) and len(self.secret) < 16:
            raise ValueError("signed bounce and reply addresses need a secret of at least 16 bytes")

    @property
    def imap(self) -> ImapServer:
        return parse_imap_url(self.imap_url)

    @property
    def smtp(self) -> SmtpServer:
        return parse_smtp_url(self.smtp_url)


def parse_imap_url(url: str) -> ImapServer:
    """``imaps://user:password@host[:993][/INBOX]``, user and password percent-encoded. Raises ValueError."""
    parts = _split(url, "TOUSU_EMAIL_IMAP_URL", IMAP_SCHEMES)
    security, port = IMAP_SCHEMES[parts.scheme]
    if not parts.username or not parts.password:
        raise ValueError("TOUSU_EMAIL_IMAP_URL must hold user and password: imaps://user:password@host/INBOX")
    return ImapServer(
        host=parts.hostname or "",
        port=parts.port or port,
        security=security,
        user=unquote(parts.username),
        password=unquote(parts.password),
        mailbox=unquote(parts.path.strip("/")) or "INBOX",
    )


def parse_smtp_url(url: str) -> SmtpServer:
    """``smtp+starttls://user:password@host[:587]`` or ``smtps://…[:465]``. Raises ValueError."""
    parts = _split(url, "TOUSU_EMAIL_SMTP_URL", SMTP_SCHEMES)
    security, port = SMTP_SCHEMES[parts.scheme]
    return SmtpServer(
        host=parts.hostname or "",
        port=parts.port or port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _split(url: str, setting: str, schemes: dict[str, tuple[Security, int]]) -> SplitResult:
    parts = _parsed(url, setting)
    if parts.scheme not in schemes:
        known = ", ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"{setting} must begin with one of {known}")
    if not parts.hostname:
        raise ValueError(f"{setting} names no host")
    if CONTROL.search(unquote(url)):
        raise ValueError(f"{setting} holds a control character")
    if schemes[parts.scheme][0] is Security.NONE and not _is_loopback(parts.hostname):
        raise ValueError(f"{setting}: plain {parts.scheme}:// is for loopback only, the password would travel in clear")
    return parts


def _parsed(url: str, setting: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        # The message of urllib may quote the whole URL, password and all.
        raise ValueError(f"{setting} is not a URL; percent-encode @ : / # in user and password") from None
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _our_address(address: str) -> str:
    try:
        return deliverable(address)
    except Rejected as error:
        raise ValueError(f"TOUSU_EMAIL_ADDRESS: {error}") from error
