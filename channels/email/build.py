"""From the environment to the channel, or the reason why it is off."""

from __future__ import annotations

import hashlib

from channels.base import Means, Off
from channels.email.channel import EmailChannel
from channels.email.reader import PooledReader
from channels.email.reading.mail import Own
from channels.email.settings import EmailSettings
from channels.email.worker import ReadingPool


def build(means: Means) -> EmailChannel | Off:
    """Raises ValueError when e-mail is configured, but wrongly."""
    given = means.settings
    if not given["email_address"]:
        return Off("TOUSU_EMAIL_ADDRESS is not set")
    settings = EmailSettings(
        address=given["email_address"],
        imap_url=given["email_imap_url"],
        smtp_url=given["email_smtp_url"],
        poll=float(given["email_poll_seconds"]),
        verp=given["email_verp"] == "True",
        secret=_bounce_secret(given["email_smtp_url"]),
        org_name=given["org_name"],
    )
    pool = ReadingPool(own_from(settings.address, given["email_authserv_id"]))
    return EmailChannel(settings, PooledReader(pool), means.memory, means.clock)


def own_from(address: str, authserv_id: str) -> Own:
    """Who we are to a mail; an empty authserv id means the usual names of our own domain."""
    return Own(address=address, authserv_ids=frozenset({authserv_id}) if authserv_id else frozenset())


def _bounce_secret(smtp_url: str) -> bytes:
    """Signs bounce addresses. Derived from the account's password, so that it needs no setting of its own."""
    return hashlib.sha256(b"tousu bounce addresses\0" + smtp_url.encode()).digest()
