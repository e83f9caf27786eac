"""What a case file is made of: pieces that are fetched one after another, and what had to be left out."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

JSON = "application/json"
OCTETS = "application/octet-stream"
NAME_CHARS = 80
UNSAFE = re.compile(
    r"[^\w.() +-]|[\x00-\x1f]"
)  # what a file system, a shell or an unpacker may take for something else
Load = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One file of the bundle. ``origin`` says where its bytes come from."""

    path: str
    media_type: str
    origin: str
    load: Load


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """What belongs to the complaint and is not in the bundle, and why: masked, fetching, lost, damaged, not_yours."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """A whole case file before it is packed."""

    number: str
    made_at: datetime
    made_by: str
    organisation: str
    masked: bool
    merged: Sequence[str]
    pieces: Sequence[Piece]
    left_out: Sequence[LeftOut]
    chain: tuple[int, str] | None  # the end of the audit chain when it was made


def piece(path: str, content: bytes, media_type: str, origin: str) -> Piece:
    """One whose bytes are here already."""

    async def load() -> bytes:
        return content

    return Piece(path=path, media_type=media_type, origin=origin, load=load)


def json_piece(path: str, value: Any, origin: str) -> Piece:
    return piece(path, as_json(value), JSON, origin)


def as_json(value: Any) -> bytes:
    """The same bytes for the same value, for people to read too."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def safe_name(name: str) -> str:
    """A file's own name without anything that leads out of its folder or hides its end."""
    plain = UNSAFE.sub("_", name).strip(". ")
    return plain[-NAME_CHARS:].lstrip(". ") or "file"
