"""The customers' side of e-mail: letters as a mail program writes them, and letters as it shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parsedate_to_datetime

from gateway.operations.demo.cast import Player
from gateway.operations.demo.shelf import Upload
from normalizer.record import SHANGHAI

MOST_TEXT = 100_000
QUOTE_HEAD = "{at:%Y-%m-%d %H:%M} {who} 写道："


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One mail, as its owner sees it."""

    id: str  # its Message-ID
    sent: bool  # by the owner of the mailbox, otherwise received
    at: datetime
    who: str  # the address on the other side
    subject: str
    text: str
    files: tuple[str, ...]
    references: tuple[str, ...]
    raw: bytes


def write(
    writer: Player,
    *,
    to: str,
    subject: str,
    text: str,
    at: datetime,
    answers: Letter | None = None,
    files: Sequence[Upload] = (),
) -> bytes:
    """A new mail, or an answer in the thread with the letter quoted below it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = Address(display_name=writer.name, addr_spec=writer.address)
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=writer.address.rpartition("@")[2])
    if answers is not None:
        mail["In-Reply-To"] = answers.id
        mail["References"] = " ".join((*answers.references, answers.id))
        text = f"{text}\n\n{_quoted(answers)}"
    mail.set_content(text, charset="utf-8", cte="base64")
    for file in files:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
    return mail.as_bytes()


def read(raw: bytes, *, sent: bool) -> Letter:
    """What a mail program shows of it."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage), "the default policy makes these"
    body = mail.get_body(("plain", "html"))
    return Letter(
        id=str(mail.get("Message-ID", "")).strip(),
        sent=sent,
        at=_date(mail),
        who=_address(mail, "To" if sent else "From"),
        subject=str(mail.get("Subject", "")),
        text=str(body.get_content())[:MOST_TEXT].strip() if body is not None else "",
        files=tuple(part.get_filename() or "?" for part in mail.iter_attachments()),
        references=tuple(str(mail.get("References", "")).split()),
        raw=raw,
    )


def _date(mail: EmailMessage) -> datetime:
    try:
        found = parsedate_to_datetime(str(mail.get("Date")))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(mail: EmailMessage, header: str) -> str:
    value = mail.get(header)
    addresses = getattr(value, "addresses", ())
    return addresses[0].addr_spec if addresses else str(value or "")


def _quoted(letter: Letter) -> str:
    head = QUOTE_HEAD.format(at=letter.at.astimezone(SHANGHAI), who=letter.who)
    return "\n".join((head, *(f"> {line}" for line in letter.text.splitlines())))
