"""A conversation in a test: what was asked, what was said."""

from __future__ import annotations

from datetime import datetime

from normalizer.normalize import normalize
from normalizer.record import SHANGHAI, Complaint, Contact, ContactKind, Submission, Thread

WECHAT = Contact(kind=ContactKind.OPENID, value="oSomebody")
CALLER = Contact(kind=ContactKind.PHONE, value="+862083341127")


def said(
    text: str, *, sender: Contact = WECHAT, channel: str = "wechat", subject: str = "", thread: bool = False
) -> Submission:
    return Submission(
        channel=channel,
        key=text[:8],
        sender=sender,
        received_at=datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI),
        text=text,
        subject=subject,
        thread=Thread(number="TS261101000177") if thread else None,
    )


def talk(*turns: tuple[str | None, str], sender: Contact = WECHAT, channel: str = "wechat") -> Complaint:
    """The record after all (asked, answer) turns."""
    record: Complaint | None = None
    for asked, text in turns:
        record = normalize(said(text, sender=sender, channel=channel), record, asked=asked)
    assert record is not None
    return record
