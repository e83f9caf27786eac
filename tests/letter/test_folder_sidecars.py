"""The mailroom's notes beside a scan, as they are and as anybody may write them."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.letter.naming import is_plain, natural, numbered, shown
from channels.letter.pieces import STAYED_ALONE, pieces_in
from channels.letter.sidecar import Broken, Sidecar, parse_sidecar
from tests.letter.mailroom import scan

NAMES = st.text(
    st.characters(exclude_characters='/\\\0<>:"|?*', exclude_categories=["Cs"]), min_size=1, max_size=40
).filter(is_plain)
TODAY = date(2026, 11, 23)
DAYS = st.dates() | st.none()
LIKELY_DAYS = st.dates(TODAY - timedelta(days=366), TODAY) | st.none()


@given(
    received_on=LIKELY_DAYS,
    postmark=DAYS,
    tracking=st.from_regex(r"[0-9A-Za-z-]{0,30}", fullmatch=True) | st.none(),
    files=st.lists(NAMES, unique=True, max_size=5) | st.none(),
    envelope=NAMES | st.none(),
    more=st.dictionaries(st.text(), st.integers()),
)
def test_what_the_mailroom_notes_is_understood(
    received_on: date | None,
    postmark: date | None,
    tracking: str | None,
    files: list[str] | None,
    envelope: str | None,
    more: dict[str, int],
) -> None:
    facts = {"tracking_number": tracking, "files": files, "envelope": envelope}
    days = {name: day.isoformat() for name, day in {"received_on": received_on, "postmark": postmark}.items() if day}
    told = parse_sidecar(
        json.dumps({f"x-{name}": value for name, value in more.items()} | facts | days).encode(), TODAY
    )
    assert told == Sidecar(
        received_on=received_on,
        postmark=postmark,
        tracking_number=tracking or "",
        envelope=envelope or "",
        files=tuple(files or ()),
    )


KEYS = st.sampled_from(["received_on", "postmark", "tracking_number", "envelope", "files"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_written_it_is_understood_or_said_to_be_broken(content: bytes) -> None:
    told = Sidecar()
    with suppress(Broken):
        told = parse_sidecar(content, TODAY)
    assert all(is_plain(name) for name in (*told.files, *filter(None, [told.envelope])))


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a": "' + b"x" * 70_000 + b'"}',
        b'{"received_on": "2026-02-30"}',
        b'{"received_on": 20261123}',
        b'{"files": ["a.pdf", "a.pdf"]}',
        b'{"files": [""]}',
        b'{"files": "a.pdf"}',
        b'{"files": ["..\\\\secret.pdf"]}',
        b'{"files": [".hidden"]}',
        b'{"tracking_number": true}',
        b'{"tracking_number": "\\u0000"}',
    ],
)
def test_what_could_lead_astray_is_broken(content: bytes) -> None:
    with pytest.raises(Broken):
        parse_sidecar(content, TODAY)


def test_a_note_from_a_windows_editor_is_understood() -> None:
    assert parse_sidecar(b'\xef\xbb\xbf{"tracking_number": 1234567890123}', TODAY).tracking_number == "1234567890123"


@given(st.lists(st.sampled_from(["a.pdf", "b.pdf", "c.jpg", "a.json", "b.pdf.json", "post.json"]), unique=True), JSON)
def test_every_file_is_in_one_piece_or_held_for_one(names: list[str], note: object) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in names:
            (folder / name).write_bytes(json.dumps(note).encode() if name.endswith(".json") else scan("letter x"))
        pieces = pieces_in(folder, 100, TODAY)
    found = [name for piece in pieces for name in (*piece.names, *piece.holds)]
    assert sorted(found) == sorted(names)


def test_a_note_finds_the_scan_of_its_name(tmp_path: Path) -> None:
    for name in ("a.json", "a.pdf", "b.pdf.json", "b.pdf", "c.json", "c/1.pdf", "d.json", "e.jpg", "e.pdf", "e.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"{}")
    found = {piece.names[-1]: piece for piece in pieces_in(tmp_path, 100, TODAY)}
    assert found["a.json"].names == ("a.pdf", "a.json")
    assert found["b.pdf.json"].names == ("b.pdf", "b.pdf.json")
    assert found["c.json"].names == ("c", "c.json")
    assert found["e.json"].names == ("e.jpg", "e.pdf", "e.json")
    assert (found["d.json"].incomplete, found["d.json"].refused) == (True, STAYED_ALONE)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_names_can_always_be_put_in_order_shown_and_numbered(names: list[str]) -> None:
    in_order = sorted(names, key=natural)
    assert sorted(in_order, key=natural) == in_order
    for name in names:
        shown(name).encode("utf-8")
        assert len(numbered(name * 60, 12).encode("utf-8", "surrogateescape")) <= 255


def test_people_count_their_scans_in_numbers() -> None:
    assert sorted(["p10.jpg", "p9.jpg", "P1.jpg"], key=natural) == ["P1.jpg", "p9.jpg", "p10.jpg"]


@given(st.dates())
def test_only_a_day_of_the_last_year_is_believed(day: date) -> None:
    note = json.dumps({"received_on": day.isoformat()}).encode()
    believed = Sidecar()
    with suppress(Broken):
        believed = parse_sidecar(note, TODAY)
    assert (believed.received_on == day) == (timedelta() <= TODAY - day <= timedelta(days=366))
