"""What the channel makes of one mail, as ``read-mail`` prints it: the keys of tests/cases/mail/README.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.email.reading.mail import Mail
from normalizer.record import Complaint, Intent

Known = Mapping[str, Mapping[str, str]]  # number -> {address, ack_message_id}


class Seen:
    """The mails of one run, so that a letter that came twice is told from two letters with one Message-ID."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], tuple[str, str]] = {}

    def duplicate(self, file: str, mail: Mail) -> dict[str, object] | None:
        """The earlier file with this sender and Message-ID (or content), and whether it is the same message."""
        fingerprint = mail.fingerprint
        key = (mail.sender.lower(), mail.message_id or fingerprint)
        first, known = self._first.setdefault(key, (file, fingerprint))
        if first == file:
            return None
        return {"of": first, "same_message": known == fingerprint}


def describe(
    file: str,
    mail: Mail,
    complaint: Complaint,
    known: Known | None = None,
    *,
    to_json: Callable[[Complaint], Mapping[str, Any]],
    seen: Seen | None = None,
) -> dict[str, Any]:
    """One JSON object about one mail. ``known`` are the open cases; without them the mail itself is believed.

    ``to_json`` is normalizer.jsonlines.to_json: the keys that ``normalize`` prints.
    """
    thread = _thread(mail, known)
    described = {
        "file": file,
        "kind": _kind(mail, complaint, bool(thread["token"])),
        "acknowledge": mail.may_acknowledge,
        "from": mail.sender,
        "subject": mail.subject,
        "text": mail.text,
        "quoted": mail.quoted,
        "attachments": [
            {
                "name": found.name,
                "type": found.media_type,
                "size": len(found.content),
                "sha256": found.sha256,
                "inline": found.inline,
            }
            for found in mail.attachments
        ],
        "thread": thread,
        "warnings": list(mail.warnings),
        "fields": dict(to_json(complaint)),
        "auth": _auth(mail),
        "bounce": _bounce(mail),
        "received_on": mail.received_at.date().isoformat() if mail.received_at else None,
    }
    duplicate = seen.duplicate(file, mail) if seen else None
    return described | ({"duplicate": duplicate} if duplicate else {})


def _kind(mail: Mail, complaint: Complaint, in_case: bool) -> str:
    """Withdraw and progress win over reply; reply is anything else in an open case."""
    if mail.machine:
        return mail.machine.value
    if complaint.intent in {Intent.WITHDRAW, Intent.PROGRESS}:
        return complaint.intent.value
    return "reply" if in_case else "complaint"


def _thread(mail: Mail, known: Known | None) -> dict[str, Any]:
    """The case, whose it is, and whether this mail may act for its owner."""
    token = mail.thread.token
    unknown = bool(token) and bool(known) and token not in (known or {})
    if not token or unknown:
        return {"token": None, "by": [], "same_sender": False, "review": unknown or _is_forged(mail)}
    owner = (known or {}).get(token, {}).get("address", "")
    same = _same_sender(mail, owner)
    described: dict[str, Any] = {"token": token, "by": list(mail.thread.by)}
    if owner:
        described["owner"] = owner
    return described | {"same_sender": same, "review": mail.machine is None and (not same or _needs_a_person(mail))}


def _same_sender(mail: Mail, owner: str) -> bool:
    """The address on file wrote this, as far as anybody can tell. Without a file: whoever our quoted mail went to."""
    if mail.auth.refuted or "several_from" in mail.warnings:
        return False
    expected = owner or mail.quoted_recipient
    if expected:
        return mail.sender.lower() == expected.lower()
    return mail.thread.proven and mail.bounce is None


def _is_forged(mail: Mail) -> bool:
    return mail.machine is None and mail.auth.refuted


def _needs_a_person(mail: Mail) -> bool:
    return bool(mail.thread.others) or mail.encrypted or "reply_to_differs" in mail.warnings


def _auth(mail: Mail) -> dict[str, Any]:
    return {"dmarc": mail.auth.dmarc, "spf": mail.auth.spf, "dkim": mail.auth.dkim, "aligned": mail.auth.aligned}


def _bounce(mail: Mail) -> dict[str, Any] | None:
    if mail.bounce is None:
        return None
    return {"recipient": mail.bounce.recipient, "status": mail.bounce.status, "permanent": mail.bounce.permanent}
