"""Where on paper a value stands, so that a person sees it beside the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.normalize import normalize
from normalizer.record import Scan, Span, Submission
from normalizer.seen import Place, where
from tests.normalizer.paper import CHARACTER, HEIGHT, LEFT, TOP, letter, line, on_pages, page

WIDE = 2 * CHARACTER


def places(submission: Submission, start: int, end: int) -> tuple[Place, ...]:
    assert submission.scan is not None
    return where(submission.scan, Span(start=start, end=end))


def test_a_telephone_is_boxed_without_the_words_before_it() -> None:
    submission = letter("我要投诉\n电话：13592071184 王建国")
    span = normalize(submission).fields["phone"].span
    assert span is not None
    assert submission.scan is not None
    left, top = LEFT + 3 * WIDE, TOP + 2 * HEIGHT
    box = (left, top, left + 11 * CHARACTER, top + HEIGHT)
    assert where(submission.scan, span) == (Place(page=1, box=box),)


def test_a_chinese_character_is_twice_as_wide_as_a_digit() -> None:
    (place,) = places(letter("保单PD12号码"), 2, 6)
    assert place.box[0] == LEFT + 2 * WIDE
    assert place.box[2] == LEFT + 2 * WIDE + 4 * CHARACTER


def test_a_value_over_two_lines_has_two_places_and_over_two_pages_two_pages() -> None:
    text = "身份证号110101199003074514"
    lines = line(text[:10], 20, 0), line(text[10:], 0, 10)
    submission = on_pages(text, [page(lines[0], number=2), page(lines[1], number=3)])
    found = places(submission, 4, len(text))
    assert [place.page for place in found] == [2, 3]
    assert found[0].box[0] == LEFT + 4 * WIDE
    assert found[1].box == lines[1].box


def test_an_enclosures_line_is_no_place_of_the_letters_text() -> None:
    submission = on_pages("王建国", [page(line("王建国", 0, -1)), page(line("王建国", 1, 0), number=2)])
    assert [place.page for place in places(submission, 0, 3)] == [2]


@pytest.mark.parametrize("span", [Span(start=0, end=0), Span(start=50, end=60), Span(start=0, end=3, part="subject")])
def test_what_stands_on_no_line_has_no_place(span: Span) -> None:
    submission = letter("王建国")
    assert submission.scan is not None
    assert where(submission.scan, span) == ()
    assert where(Scan(pages=()), span) == ()


@given(st.text(alphabet="王建国PDAA0123 ：", min_size=1, max_size=40), st.data())
def test_every_place_lies_within_its_line(text: str, data: st.DataObject) -> None:
    submission = letter(text)
    assert submission.scan is not None
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text) + 5))
    left, top, right, bottom = submission.scan.pages[0].lines[0].box
    for place in places(submission, start, end):
        assert left <= place.box[0] < place.box[2] <= right
        assert (place.box[1], place.box[3]) == (top, bottom)
