"""What passes between the reading process and us is data: it comes back as it went, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.letter.reading.meaning.letters import LetterRead, Reading
from channels.letter.reading.wire import letter_from_fields, letter_to_fields, whole_from_fields, whole_to_fields
from normalizer.record import PageKind, Scan, ScanLine, ScanPage
from normalizer.scans import scan_from_json, scan_to_json

NUMBERS = st.integers(0, 10_000)
NAMES = st.text(max_size=12)
BOXES = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
LINES = st.builds(
    ScanLine, text=NAMES, box=BOXES, score=st.floats(0, 1), start=st.integers(-1, 99), others=st.tuples(NAMES)
)
PAGES = st.builds(
    ScanPage,
    number=NUMBERS,
    kind=st.sampled_from(PageKind),
    rotation=st.sampled_from([0, 90, 180, 270]),
    width=NUMBERS,
    height=NUMBERS,
    dpi=NUMBERS,
    lines=st.lists(LINES, max_size=3).map(tuple),
    image=st.binary(max_size=20),
    to_original=st.tuples(*[st.floats(-9, 9)] * 6),
    by=NAMES,
    warnings=st.tuples(NAMES),
)
SCANS = st.builds(
    Scan,
    pages=st.lists(PAGES, max_size=3).map(tuple),
    codes=st.tuples(NAMES),
    marks=st.frozensets(NAMES, max_size=2),
    engine=NAMES,
    settings=st.dictionaries(NAMES, NAMES, max_size=2).map(MappingProxyType),
    likeness=NAMES,
)


def passed(fields: Mapping[str, object]) -> dict[str, object]:
    through: dict[str, object] = json.loads(json.dumps(fields))
    return through


@given(SCANS)
def test_a_scan_is_kept_as_it_was_but_for_its_pictures(scan: Scan) -> None:
    bare = replace(scan, pages=tuple(replace(page, image=b"") for page in scan.pages))
    assert scan_from_json(passed(scan_to_json(scan))) == bare


@given(SCANS, st.text(), st.text())
def test_a_letter_crosses_the_pipe_whole(scan: Scan, text: str, slip: str) -> None:
    letter = LetterRead(pages=scan.pages, text=text, slip=slip, scan=scan)
    fields, images = letter_to_fields(letter)
    assert letter_from_fields(passed(fields), b"".join(images)) == letter


def test_a_letter_that_was_lost_on_the_way_is_noticed() -> None:
    fields = whole_to_fields(Reading(letters=(), pages=3, form="pdf")) | {"letters": 1}
    with pytest.raises(ValueError, match="missing"):
        whole_from_fields(fields, [])


def test_pictures_that_do_not_fit_are_refused() -> None:
    page = ScanPage(number=1, kind=PageKind.LETTER, rotation=0, width=1, height=1, dpi=200, image=b"picture")
    letter = LetterRead(pages=(page,), text="", slip="", scan=Scan(pages=(page,)))
    fields, _ = letter_to_fields(letter)
    with pytest.raises(ValueError, match="fit"):
        letter_from_fields(fields, b"pict")


@pytest.mark.parametrize("broken", [{}, {"pages": 3}, {"pages": [{"kind": "poem"}]}])
def test_what_is_no_scan_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        scan_from_json(broken)
