"""The mails of tests/cases/mail, judged as its README says."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from channels.email.reading import read_mail, to_submission
from channels.email.reading.report import Seen, describe
from normalizer.jsonlines import to_json
from normalizer.normalize import normalize
from normalizer.record import Complaint, Intent
from tests.email_reading.build import OWN

FOLDER = Path(__file__).parents[1] / "cases" / "mail"
CASES: list[dict[str, Any]] = [json.loads(line) for line in (FOLDER / "expected.jsonl").read_text("utf-8").splitlines()]
KNOWN: dict[str, dict[str, str]] = json.loads((FOLDER / "cases.json").read_text("utf-8"))


@cache
def told(file: str) -> dict[str, Any]:
    """What we make of it; the intent is the expected one, since here only the reading is judged."""
    expected = next(case for case in CASES if case["file"] == file)
    intent = Intent(expected.get("expect", {}).get("intent", "other"))
    mail = read_mail((FOLDER / file).read_bytes(), OWN)
    return describe(file, mail, Complaint(intent=intent), KNOWN, to_json=lambda complaint: {})


def plain(text: str) -> str:
    """NFKC, without white space, control and format characters; simple letters."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(char for char in normal if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf"})


def files(key: str) -> list[Any]:
    return [pytest.param(case, id=case["file"]) for case in CASES if key in case]


@pytest.mark.parametrize("case", files("kind"))
def test_the_kind_is_told(case: dict[str, Any]) -> None:
    assert told(case["file"])["kind"] == case["kind"]


@pytest.mark.parametrize("case", files("acknowledge"))
def test_only_people_are_answered(case: dict[str, Any]) -> None:
    assert told(case["file"])["acknowledge"] is case["acknowledge"]


@pytest.mark.parametrize("case", files("received_on"))
def test_the_day_is_right(case: dict[str, Any]) -> None:
    assert told(case["file"])["received_on"] == case["received_on"]


@pytest.mark.parametrize("case", files("from"))
def test_the_sender_is_right(case: dict[str, Any]) -> None:
    assert told(case["file"])["from"].lower() == case["from"].lower()


@pytest.mark.parametrize("case", files("subject_contains"))
def test_the_subject_is_readable(case: dict[str, Any]) -> None:
    assert plain(case["subject_contains"]) in plain(told(case["file"])["subject"])


@pytest.mark.parametrize("case", files("text_contains"))
def test_the_customers_words_are_there(case: dict[str, Any]) -> None:
    text = plain(told(case["file"])["text"])
    assert not [words for words in case["text_contains"] if plain(words) not in text]


@pytest.mark.parametrize("case", files("text_excludes"))
def test_other_peoples_words_are_not(case: dict[str, Any]) -> None:
    text = plain(told(case["file"])["text"])
    assert not [words for words in case["text_excludes"] if plain(words) in text]


@pytest.mark.parametrize("case", files("attachments"))
def test_every_file_is_kept_under_a_harmless_name(case: dict[str, Any]) -> None:
    kept = {file["sha256"]: file for file in told(case["file"])["attachments"]}
    for wanted in case["attachments"]:
        name = kept[wanted["sha256"]]["name"]
        assert kept[wanted["sha256"]]["size"] == wanted["size"]
        assert wanted.get("name_contains", "") in name
        assert not [sign for sign in wanted.get("name_excludes", []) if sign in name]


@pytest.mark.parametrize("key", ["thread", "bounce", "auth"])
def test_thread_bounce_and_verdict_are_right(key: str) -> None:
    for case in CASES:
        found = told(case["file"])[key] or {}
        assert {name: found.get(name) for name in case.get(key, {})} == case.get(key, {}), case["file"]


SUBSTRINGS = {"request", "respondent"}


def fits(key: str, found: Any, wanted: Any) -> bool:
    """As tests/cases/README.md judges: substrings, prefixes of product codes, sets; null is empty."""
    if wanted is None:
        return not found
    if key in SUBSTRINGS:
        return wanted in (found or "")
    if key == "product":
        return str(found).startswith(wanted)
    return set(found) == set(wanted) if key in {"flags", "missing"} else bool(found == wanted)


@pytest.mark.parametrize("case", files("expect"))
def test_the_record_is_what_the_customers_words_say(case: dict[str, Any]) -> None:
    raw = (FOLDER / case["file"]).read_bytes()
    mail = read_mail(raw, OWN)
    described = describe(
        case["file"], mail, normalize(to_submission(mail, case["file"], raw)), KNOWN, to_json=to_json, seen=Seen()
    )
    record = described["fields"]
    assert described["kind"] == case["kind"]
    assert not {
        key: record.get(key) for key, wanted in case["expect"].items() if not fits(key, record.get(key), wanted)
    }
