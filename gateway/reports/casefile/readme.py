"""The words of a case file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.reports.casefile.pieces import Piece, piece


def readme(*, masked: bool) -> Piece:
    """How to read and check the file, in Chinese and English."""
    text = str(words()["readme"]["masked" if masked else "plain"]).lstrip()
    return piece("README.txt", text.encode(), "text/plain; charset=utf-8", "gateway")


def kind(code: str) -> str:
    """What an entry of the timeline is, in words."""
    return str(words()["kind"].get(code, code))


@cache
def words() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))
