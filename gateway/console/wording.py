"""Every word of the console, in Chinese and English: one file for each room, ``words/<room>.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("zh", "en")


class Wording:
    """``t("queue.title")`` is ``title`` of ``words/queue.toml``; each entry there has zh and en."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The words, filled in. A missing key is a mistake of ours and raises KeyError; a test walks all keys."""
        room, _, name = key.partition(".")
        return _texts(room)[name][self.language].format_map(values)

    def code(self, room: str, code: object) -> str:
        """The words of a code, or the code itself: data may hold codes of tomorrow."""
        entry = _texts(room).get(str(code))
        return entry[self.language] if entry else str(code)


@cache
def wording(language: str) -> Wording:
    return Wording(language)


def rooms() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def _texts(room: str) -> dict[str, dict[str, str]]:
    written = tomllib.loads((FOLDER / f"{room}.toml").read_text("utf-8"))
    return {name: entry for name, entry in written.items() if isinstance(entry, dict)}
