"""A Mail on its way between the parser process and us: one JSON object and, beside it, the files' bytes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from channels.email.reading.attachments import File
from channels.email.reading.bounce import Bounce
from channels.email.reading.mail import Mail
from channels.email.reading.threads import Claim
from channels.email.reading.trust import Auth
from normalizer.record import Machine

_PLAIN = [
    "sender",
    "sender_name",
    "reply_to",
    "subject",
    "text",
    "quoted",
    "first_text",
    "message_id",
    "quoted_recipient",
    "may_acknowledge",
    "listed",
    "bulk",
    "language",
    "encrypted",
]
_LISTS = ("in_reply_to", "references", "warnings")


def to_fields(mail: Mail) -> dict[str, Any]:
    """A mail without the bytes of its files; those follow in their order."""
    fields: dict[str, Any] = {name: getattr(mail, name) for name in (*_PLAIN, *_LISTS)}
    fields["files"] = [[file.name, file.media_type, file.inline, len(file.content)] for file in mail.attachments]
    fields["auth"] = asdict(mail.auth)
    fields["thread"] = asdict(mail.thread)
    fields["bounce"] = asdict(mail.bounce) if mail.bounce else None
    fields["machine"] = mail.machine.value if mail.machine else None
    fields["received_at"] = mail.received_at.isoformat() if mail.received_at else None
    return fields


def from_fields(fields: dict[str, Any], content: bytes) -> Mail:
    """The mail again. Raises KeyError, TypeError or ValueError for what no reader of ours wrote."""
    thread = fields["thread"]
    given: dict[str, Any] = {name: fields[name] for name in _PLAIN}
    given |= {name: tuple(fields[name]) for name in _LISTS}
    return Mail(
        **given,
        attachments=_files(fields["files"], content),
        auth=Auth(**fields["auth"]),
        thread=Claim(token=thread["token"], by=tuple(thread["by"]), others=tuple(thread["others"])),
        bounce=Bounce(**fields["bounce"]) if fields["bounce"] else None,
        machine=Machine(fields["machine"]) if fields["machine"] else None,
        received_at=datetime.fromisoformat(fields["received_at"]) if fields["received_at"] else None,
    )


def _files(described: list[list[Any]], content: bytes) -> tuple[File, ...]:
    files, at = [], 0
    for name, media_type, inline, size in described:
        files.append(File(name=name, media_type=media_type, inline=inline, content=content[at : at + size]))
        at += size
    return tuple(files)
