"""What telephones show and their owners remember: calls as they went, and short messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class By(StrEnum):
    """Whose turn it was on the line."""

    HOTLINE = "hotline"
    PERSON = "person"
    KEYS = "keys"  # the person pressed them
    LINE = "line"  # nobody spoke: codes of what happened to the call


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One thing said, keyed, or that happened."""

    call: str
    at: datetime
    by: By
    text: str
    language: str = ""  # of what the hotline says


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A short message that reached a telephone."""

    at: datetime
    text: str


def pack_turn(turn: Turn) -> dict[str, Any]:
    return {"call": turn.call, "at": turn.at.isoformat(), "by": turn.by, "text": turn.text, "language": turn.language}


def pack_text(text: Text) -> dict[str, Any]:
    return {"at": text.at.isoformat(), "text": text.text}


def unpack_turn(packed: Mapping[str, Any]) -> Turn:
    """Raises ValueError, KeyError, TypeError."""
    return Turn(**{**packed, "at": datetime.fromisoformat(packed["at"]), "by": By(packed["by"])})


def unpack_text(packed: Mapping[str, Any]) -> Text:
    """Raises ValueError, KeyError, TypeError."""
    return Text(**{**packed, "at": datetime.fromisoformat(packed["at"])})
