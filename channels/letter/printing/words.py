"""The fixed words of our letters, in three languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words of a language: by name, and ``titles`` by kind of letter."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    chosen: Mapping[str, Any] = tomllib.loads(text)[language]
    return chosen


def written(day: date, language: str) -> str:
    """The day as a letter has it: 2026年3月5日, 5 March 2026."""
    form: str = words(language)["date"]
    return form.format(year=day.year, month=day.month, day=day.day, month_name=f"{day:%B}")
