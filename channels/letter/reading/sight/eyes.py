"""The reader of pages, as the worker holds it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from channels.letter.reading.values import Sheet, Upright


class Eyes:
    """One engine; loads its models when made, and belongs to one thread of one process."""

    def __init__(self, threads: int = 2) -> None:
        # Not at the top: whoever only names this class, as the gateway does, is to load neither OpenCV nor models.
        self._read: Any = import_module("channels.letter.reading.sight.page").read
        self._engine: Any = import_module("channels.letter.reading.sight.engine").Engine(threads)

    @property
    def name(self) -> str:
        return str(self._engine.name)

    @property
    def settings(self) -> Mapping[str, str]:
        return {key: str(value) for key, value in self._engine.settings.items() if not key.endswith("model_path")}

    def read(self, sheet: Sheet) -> Upright:
        """The page turned upright, with its lines and what is to be said of its reading."""
        page: Upright = self._read(self._engine, sheet)
        return page
