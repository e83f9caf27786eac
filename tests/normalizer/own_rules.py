"""A folder of an insurer's own rules in a test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from normalizer import rulebook

DAY = date(2026, 11, 23)
HEAD = 'version = "1"\neffective_from = 2026-11-23\n'


def write(folder: Path, **files: str) -> Path:
    """urgency="…" becomes urgency.toml with a heading; urgency_2027_01_01="…" an edition for that day."""
    for name, text in files.items():
        name, _, day = name.partition("_")
        since = day.replace("_", "-")
        head = HEAD.replace("2026-11-23", since) if since else HEAD
        (folder / f"{name}{f'-{since}' if since else ''}.toml").write_text(head + text, encoding="utf-8")
    return folder


def shipped_only() -> None:
    """As it was before: rules are in force for the whole process, other tests included."""
    rulebook.use(None, DAY)
