"""The parser process: mails come in, what they say goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from channels.email.reading import wire
from channels.email.reading.mail import Own
from channels.email.reading.read import read_mail
from channels.processes.serving import Handler, Piece, serve


def main() -> None:
    """Serve until standard input ends."""
    serve(_opened)


def _opened(settings: Mapping[str, Any]) -> Handler:
    own = Own(address=settings["address"], domain=settings["domain"], authserv_ids=frozenset(settings["authserv_ids"]))
    _warm_up(own)

    def read(envelope: dict[str, Any], raw: bytes) -> Iterator[Piece]:
        mail = read_mail(raw, own, envelope=envelope)
        yield wire.to_fields(mail), [file.content for file in mail.attachments]

    return read


def _warm_up(own: Own) -> None:
    """Load what every mail needs before the first one waits for it; lxml with it, since half of all mail is HTML."""
    read_mail(b"Content-Type: text/html; charset=gb2312\r\n\r\n<p>\xc4\xfa\xba\xc3</p>", own)
