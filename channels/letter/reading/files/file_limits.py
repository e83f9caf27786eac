"""How much of a file is looked at: what one sender may cost us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLimits:
    """Bounds of one item on paper; whatever lies beyond them is not decoded at all."""

    bytes: int = 64 * 1024 * 1024
    pages: int = 200
    pixels: int = 80_000_000  # of one page; A3 at 600 dpi has 70 million
    dpi: int = 200  # of the pictures that are handed on
    papers: int = 50  # files that are one letter


LIMITS = FileLimits()
