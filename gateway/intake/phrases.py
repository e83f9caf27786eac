"""Every word a customer reads: looked up here, filled in, never built elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.medium import Medium
from normalizer.record import SHANGHAI

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

Texts = dict[str, dict[str, str]]


class Phrases:
    """The wording of one language: ``say("accepted", number=…)`` looks under [say]."""

    def __init__(self, language: str, texts: Mapping[str, Mapping[str, str]], date_form: str) -> None:
        self.language = language
        self._texts = texts
        self._date_form = date_form

    def say(self, key: str, **values: str) -> str:
        return self.get("say", key, **values)

    def get(self, section: str, key: str, **values: str) -> str:
        """The phrase, filled in. A missing key is a mistake of ours and raises KeyError; tests walk all keys."""
        return self._texts[section][key].format_map(values)

    def joined(self, *sentences: str) -> str:
        """Sentences on one line, spaced as the language does."""
        return (" " if self.language == "en" else "").join(sentences)

    def has(self, section: str, key: str) -> bool:
        return key in self._texts[section]

    def keys(self, section: str) -> tuple[str, ...]:
        return tuple(self._texts[section])

    def sections(self) -> Mapping[str, Mapping[str, str]]:
        """All the wording as it stands, not filled in: for staff to read."""
        return self._texts

    def date(self, moment: datetime) -> str:
        """The day in Shanghai as people there write it."""
        day = moment.astimezone(SHANGHAI)
        return self._date_form.format(year=day.year, month=day.month, day=day.day, month_name=day.strftime("%B"))


@cache
def phrases(language: str, medium: Medium = Medium.SCREEN) -> Phrases:
    """The wording for a language; simplified Chinese for one we do not speak. Some words differ by ear or on paper."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    written = _read(f"{chosen}.toml")
    texts = _texts(written)
    if medium is not Medium.SCREEN:
        for section, content in _texts(_read(f"{medium}/{chosen}.toml")).items():
            texts[section] = {**texts.get(section, {}), **content}
    return Phrases(chosen, texts, written["date"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "wording" / name).read_text("utf-8"))


def _texts(data: Mapping[str, Any]) -> Texts:
    return {section: content for section, content in data.items() if isinstance(content, dict)}
