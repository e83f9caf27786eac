"""Recordings into text: optional, off by default; what no machine hears, a person listens to."""

from __future__ import annotations

from gateway.hearing.client import configured

__all__ = ["configured"]
