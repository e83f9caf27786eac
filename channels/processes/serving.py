"""The process's own side: requests come in on standard input, answers go out on standard output.

It holds no secrets and no connections, and may use only so much memory and time; its parent kills it for more.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from channels.processes import frames

LARGEST = 80 * 1024 * 1024

# What a handler yields: parts of its answer, and last the whole; each is JSON and bytes.
Piece = tuple[Any, Sequence[bytes]]
Handler = Callable[[dict[str, Any], bytes], Iterator[Piece]]


def serve(open_handler: Callable[[Mapping[str, Any]], Handler], *, largest: int = LARGEST) -> None:
    """Serve until standard input ends. ``open_handler`` loads whatever every request needs, within the limits."""
    settings: dict[str, Any] = json.loads(sys.argv[-1])
    # A service manager ends all processes of the gateway at once; ours goes when what it does is done, with its pipe.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    source, sink = _own_pipes()
    _limit(settings["memory"], settings["cpu"])
    handler = open_handler(settings)
    _send(sink, frames.frame(frames.READY, {}))
    while _serve_one(source, sink, handler, largest):
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


def _serve_one(source: BinaryIO, sink: BinaryIO, handler: Handler, largest: int) -> bool:
    head = source.read(frames.HEAD.size)
    if len(head) < frames.HEAD.size:
        return False
    kind, length, size = frames.HEAD.unpack(head)
    if kind != frames.REQUEST or length + size > largest:
        return False
    fields: dict[str, Any] = json.loads(source.read(length))
    return _answer(handler, fields, source.read(size), sink)


def _answer(handler: Handler, fields: dict[str, Any], content: bytes, sink: BinaryIO) -> bool:
    """Send what the handler makes of it; False when this process is no longer fit to go on."""
    try:
        last: Piece | None = None
        for piece in handler(fields, content):
            if last is not None:
                _send(sink, frames.frame(frames.PART, *last))
            last = piece
        whole = frames.frame(frames.READ, *(last or ({}, ())))
    except MemoryError:
        _send(sink, frames.frame(frames.FAILED, {"cause": "memory"}))
        return False
    _send(sink, whole)
    return True


def _send(sink: BinaryIO, message: Sequence[bytes]) -> None:
    for piece in message:
        sink.write(piece)
    sink.flush()
