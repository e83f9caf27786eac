"""The words of the door: each there in both languages, each used, each page with both."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.console.kit import TEMPLATES
from gateway.console.wording import FOLDER

ROOMS = {"door": ("door",), "people": ("people",)}
BY_VALUE = {
    "door": ("told_", "said_"),
    "people": ("told_", "said_", "end_sessions", "new_password", "reset_totp"),
}


def written(room: str) -> str:
    return "".join(path.read_text("utf-8") for folder in ROOMS[room] for path in (TEMPLATES / folder).glob("*.html"))


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_every_word_has_both_languages_and_takes_the_same_values(room: str) -> None:
    for name, entry in tomllib.loads((FOLDER / f"{room}.toml").read_text("utf-8")).items():
        assert set(entry) == {"zh", "en"}, name
        assert re.findall(r"\{\w+\}", entry["zh"]) == re.findall(r"\{\w+\}", entry["en"]), name


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_every_word_is_used_and_none_is_missing(room: str) -> None:
    there = set(tomllib.loads((FOLDER / f"{room}.toml").read_text("utf-8")))
    used = set(re.findall(rf'"{room}\.(\w+)"|\'{room}\.(\w+)\'', written(room)))
    names = {one or other for one, other in used} - {"told_", "said_"}
    assert names <= there
    assert not {name for name in there - names if not name.startswith(BY_VALUE[room])}


def test_no_page_of_ours_has_a_style_or_a_script_inside() -> None:
    for page in [*Path(TEMPLATES / "door").glob("*.html"), *Path(TEMPLATES / "people").glob("*.html")]:
        assert not re.search(r"style=|<script|<style|\son\w+=", page.read_text("utf-8")), page.name
