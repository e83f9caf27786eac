"""One mail, read: a frozen value that says what came, from whom, for which case, and what could not be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from channels.email.reading.attachments import File
from channels.email.reading.bounce import Bounce
from channels.email.reading.threads import Claim
from channels.email.reading.trust import Auth
from channels.email.reading.words import squeezed
from normalizer.record import Machine


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """Who we are: the mailbox's address, and the names under which our mail server vouches for senders.

    ``authserv_ids`` defaults to the domain and its ``mx.``; give more where the provider signs under its own name.
    """

    address: str
    domain: str = ""
    authserv_ids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        domain = (self.domain or self.address.rpartition("@")[2]).lower()
        object.__setattr__(self, "address", self.address.lower())
        object.__setattr__(self, "domain", domain)
        ids = self.authserv_ids or {domain, f"mx.{domain}", f"mail.{domain}"}
        object.__setattr__(self, "authserv_ids", frozenset(name.lower() for name in ids))


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What a mail says. Strings hold no control characters and no lone surrogates; dates are aware, in China's time."""

    sender: str = ""  # address; empty when the mail names none at all
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""  # the writer's own words
    quoted: str = ""  # quotes of ours and lines a telephone adds, set apart
    first_text: str = ""  # everything visible, nothing cut
    attachments: tuple[File, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    auth: Auth = field(default_factory=Auth)
    thread: Claim = field(default_factory=Claim)
    quoted_recipient: str = ""  # to whom our quoted mail went, as the quote says
    machine: Machine | None = None
    may_acknowledge: bool = False
    bounce: Bounce | None = None
    received_at: datetime | None = None  # our server's Received, else Date, else the mailbox's INTERNALDATE
    listed: bool = False  # came over a mailing list
    bulk: bool = False  # carries bulk headers
    language: str = ""  # zh-Hans, zh-Hant, en, where charset or headers tell
    encrypted: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Equal for the same letter sent twice over different relays; 64 hexadecimal characters."""
        digest = hashlib.sha256()
        for part in (self.sender.lower(), self.message_id, squeezed(self.subject), squeezed(self.first_text)):
            digest.update(part.encode("utf-8", "replace") + b"\0")
        for content in sorted(file.sha256 for file in self.attachments):
            digest.update(content.encode())
        return digest.hexdigest()
