"""A mail that was read, as the item that every channel submits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from channels.email.reading.attachments import File
from channels.email.reading.headers import CHINA
from channels.email.reading.mail import Mail
from normalizer.record import NOBODY, Attachment, Contact, ContactKind, Submission, Thread

_REFERENCES_KEPT = 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def to_submission(mail: Mail, item_key: str, raw: bytes, *, received_at: datetime | None = None) -> Submission:
    """The item to submit. ``received_at`` (aware) stands in where neither the mail nor its envelope has a date."""
    moment = mail.received_at or received_at or _NEVER
    return Submission(
        channel="email",
        key=item_key,
        sender=Contact(kind=ContactKind.EMAIL, value=mail.sender) if mail.sender else NOBODY,
        received_at=moment.astimezone(CHINA),
        text=mail.text,
        subject=mail.subject,
        raw=raw,
        attachments=tuple(map(_attachment, mail.attachments)),
        thread=_thread(mail),
        machine=mail.machine,
        attested=mail.auth.aligned and "several_from" not in mail.warnings,
        may_answer=mail.may_acknowledge,
        quoted=mail.quoted,
        warnings=mail.warnings,
        context=_context(mail),
    )


def _attachment(file: File) -> Attachment:
    return Attachment(name=file.name, media_type=file.media_type, content=file.content, inline=file.inline)


def _thread(mail: Mail) -> Thread | None:
    if not mail.thread.token:
        return None
    return Thread(number=mail.thread.token, by=mail.thread.by, proven=mail.thread.proven)


def _context(mail: Mail) -> Mapping[str, str]:
    """What it takes to answer in thread (RFC 5322, 3.6.4): References is theirs and then their own id."""
    chain = list(dict.fromkeys((*mail.references, *(mail.in_reply_to if not mail.references else ()), mail.message_id)))
    return MappingProxyType(
        {
            "message_id": mail.message_id,
            "references": " ".join(filter(None, chain[-_REFERENCES_KEPT:])),
            "subject": mail.subject,
            "reply_to": mail.reply_to,
            "sender_name": mail.sender_name,
        }
        | _returned(mail)
    )


def _returned(mail: Mail) -> dict[str, str]:
    """What a bounce says of our own message, for the delivery that it belongs to."""
    bounce = mail.bounce
    if bounce is None:
        return {}
    return {
        "bounce_recipient": bounce.recipient,
        "bounce_status": bounce.status,
        "bounce_permanent": "yes" if bounce.permanent else "no",
        "bounce_message_id": bounce.message_id,
    }
