"""The parser process: mails come in on standard input, what they say goes out on standard output.

It holds no secrets and no connections, and may use only so much memory and time; its parent kills it for more.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from typing import Any, BinaryIO

from channels.email.reading import wire
from channels.email.reading.mail import Own
from channels.email.reading.read import read_mail

_LARGEST = 80 * 1024 * 1024


def main() -> None:
    """Serve until standard input ends."""
    settings = json.loads(sys.argv[-1])
    own = Own(address=settings["address"], domain=settings["domain"], authserv_ids=frozenset(settings["authserv_ids"]))
    source, sink = _own_pipes()
    _limit(settings["memory"], settings["cpu"])
    _warm_up(own)
    _send(sink, wire.frame(wire.READY, {}))
    while _serve_one(source, sink, own):
        pass


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two ends, out of reach of a library that prints."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return source, sink


def _limit(memory: int, cpu: int) -> None:
    """The operating system's own stops; the CPU one is for the case that nobody is left to kill us."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is in force already
            resource.setrlimit(what, (most, most))


def _warm_up(own: Own) -> None:
    """Load what every mail needs before the first one waits for it; lxml with it, since half of all mail is HTML."""
    read_mail(b"Content-Type: text/html; charset=gb2312\r\n\r\n<p>\xc4\xfa\xba\xc3</p>", own)


def _serve_one(source: BinaryIO, sink: BinaryIO, own: Own) -> bool:
    head = source.read(wire.HEAD.size)
    if len(head) < wire.HEAD.size:
        return False
    kind, length, size = wire.HEAD.unpack(head)
    if kind != wire.REQUEST or length + size > _LARGEST:
        return False
    envelope: dict[str, Any] = json.loads(source.read(length))
    return _answer(source.read(size), envelope, sink, own)


def _answer(raw: bytes, envelope: dict[str, Any], sink: BinaryIO, own: Own) -> bool:
    """Send what the mail says; False when this process is no longer fit to go on."""
    try:
        mail = read_mail(raw, own, envelope=envelope)
        message = wire.frame(wire.READ, wire.to_fields(mail), [file.content for file in mail.attachments])
    except MemoryError:
        _send(sink, wire.frame(wire.FAILED, {"cause": "memory"}))
        return False
    _send(sink, message)
    return True


def _send(sink: BinaryIO, message: list[bytes]) -> None:
    for piece in message:
        sink.write(piece)
    sink.flush()
