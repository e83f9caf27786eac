"""The words of the pages for customers: three languages that say the same, and every one that a page needs."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from channels.forms import NAMES
from gateway.customers import complain, status, view
from gateway.customers.frame import FOLDER, words_of
from gateway.customers.taking import CHECKED
from gateway.intake import phrases as wording
from gateway.intake.phrases import LANGUAGES, phrases
from gateway.medium import Medium

OVERLAYS = Path(wording.__file__).parent / "wording" / "page"
USED = re.compile(r"""\bt\(['"]([a-z_]+\.[a-z_0-9]+)['"]""")
FIELDS = frozenset({"matter", "files", *NAMES}) - {"reason"}
BUILT = frozenset(
    {
        *(
            f"{section}.{name}"
            for section in ("field", "hint")
            for name in ("matter", "files", *NAMES)
            if name != "reason"
        ),
        *(f"role.{name}" for name in complain.ROLES),
        *(f"asks.{name}" for name in ("matter", "request", "complainant_name", "phone", "declared")),
        *(f"doubt.{name}" for name in CHECKED),
        *(
            f"trouble.{name}"
            for name in ("count", "size", "total", "empty", "kind", "quick", "nothing", "too_much", "away")
        ),
        *(f"step.{stage}" for stage in range(5)),
        *(f"score.{score}" for score in range(1, 6)),
        *(f"next.{name}" for name in {*view.NEXT_STEPS.values(), "working"}),
        *(f"said.{name}" for name in status.SAID),
        *(
            f"refused.{name}"
            for name in ("forged", "too_large", "too_slow", "broken", "busy", "unread", "too_much", "away")
        ),
        "view.cookies",
    }
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def texts(path: Path) -> dict[str, str]:
    data = tomllib.loads(path.read_text("utf-8"))
    return {f"{section}.{name}": text for section, content in data.items() for name, text in content.items()}


def fills(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def used() -> frozenset[str]:
    templates = "\n".join(path.read_text("utf-8") for path in (FOLDER / "templates").glob("*.html"))
    return frozenset(USED.findall(templates)) | BUILT


@every_language
def test_every_word_a_page_needs_is_there_and_no_other(language: str) -> None:
    there = texts(FOLDER / "words" / f"{language}.toml")
    assert set(there) == used()
    for name in there:
        values = dict.fromkeys(fills(there[name]), "x")
        assert words_of(language)(name, **values).strip()


@pytest.mark.parametrize("folder", [FOLDER / "words", OVERLAYS], ids=["pages", "what is said on a page"])
@every_language
def test_every_language_says_the_same_with_the_same_values(language: str, folder: Path) -> None:
    first, other = texts(folder / f"{LANGUAGES[0]}.toml"), texts(folder / f"{language}.toml")
    assert {name: fills(text) for name, text in first.items()} == {name: fills(text) for name, text in other.items()}


@every_language
def test_what_is_said_on_a_page_stands_for_something_said_elsewhere_and_needs_no_more(language: str) -> None:
    elsewhere = phrases(language, Medium.SCREEN)
    for name, text in texts(OVERLAYS / f"{language}.toml").items():
        section, key = name.split(".")
        assert elsewhere.has(section, key)
        assert fills(text) <= fills(elsewhere._texts[section][key])


@every_language
def test_nobody_on_a_page_is_told_to_reply_to_a_mail(language: str) -> None:
    words = phrases(language, Medium.PAGE)
    for name in ("list_head", "list_foot", "how_progress_mail", "correction", "withdraw_confirm"):
        text = words._texts["say"][name]
        assert not any(each in text for each in ("回复", "回覆", "邮件", "郵件", "reply"))
