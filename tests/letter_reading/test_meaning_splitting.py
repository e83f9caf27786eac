"""One scan holds several people's letters; no word, code or mark of one may reach the next."""

from __future__ import annotations

from channels.letter.reading.meaning.leaf import Leaf
from channels.letter.reading.meaning.letters import letter_of
from channels.letter.reading.meaning.splitting import split
from normalizer.record import PageKind
from tests.letter_reading.meaning_sheets import page

SLIP, OTHER_SLIP = "TOUSU:SLIP:TS261118000013:ABCDEFGH", "TOUSU:SLIP:TS261118000021:23456789"


def leaf(kind: PageKind, number: int, *codes: str, text: str = "我要投诉", marks: frozenset[str] = frozenset()) -> Leaf:
    return Leaf(page=page(text, kind=kind, number=number), codes=codes, marks=marks, likeness=f"{number:064x}")


def kinds(letters: tuple[tuple[Leaf, ...], ...]) -> list[list[str]]:
    return [[leaf.kind.value for leaf in letter] for letter in letters]


def test_our_separators_part_letters_and_belong_to_none() -> None:
    given = ["separator", "letter", "id_card", "separator", "separator", "letter", "letter", "separator"]
    leaves = [leaf(PageKind(kind), place) for place, kind in enumerate(given, 1)]
    assert kinds(split(leaves)) == [["letter", "id_card"], ["letter", "letter"]]


def test_without_a_separator_two_salutations_are_one_letter() -> None:
    leaves = [leaf(PageKind.LETTER, n, text="尊敬的领导：") for n in (1, 2)]
    assert len(split(leaves)) == 1


def test_blank_pages_stay_with_their_letter_and_are_none_by_themselves() -> None:
    given = [PageKind.LETTER, PageKind.BLANK, PageKind.SEPARATOR, PageKind.BLANK]
    assert kinds(split([leaf(kind, n) for n, kind in enumerate(given, 1)])) == [["letter", "blank"]]


def test_a_slip_with_a_letter_is_one_item() -> None:
    letters = split([leaf(PageKind.LETTER, 1), leaf(PageKind.SLIP, 2, SLIP), leaf(PageKind.SLIP, 3, SLIP)])
    assert kinds(letters) == [["letter", "slip", "slip"]]


def test_a_stack_of_slips_is_as_many_letters_and_each_has_its_own_envelope() -> None:
    leaves = [
        leaf(PageKind.ENVELOPE, 1),
        leaf(PageKind.SLIP, 2, SLIP),
        leaf(PageKind.BLANK, 3),
        leaf(PageKind.ENVELOPE, 4),
        leaf(PageKind.SLIP, 5, OTHER_SLIP),
    ]
    assert kinds(split(leaves)) == [["envelope", "slip", "blank"], ["envelope", "slip"]]


def test_the_slip_the_marks_and_the_codes_of_one_letter_are_not_the_next_ones() -> None:
    leaves = [
        leaf(PageKind.SLIP, 1, SLIP, "SF1234567890", marks=frozenset({"signature"})),
        leaf(PageKind.SEPARATOR, 2, "TOUSU:SEPARATOR"),
        leaf(PageKind.LETTER, 3, "SF1234567890", "SF1234567890"),
    ]
    first, second = (letter_of(letter, "eyes", {}) for letter in split(leaves))
    assert (first.slip, first.scan.marks, first.scan.codes) == (SLIP, frozenset({"signature"}), (SLIP, "SF1234567890"))
    assert (second.slip, second.scan.marks, second.scan.codes) == ("", frozenset(), ("SF1234567890",))
    assert second.text == "我要投诉"
    assert second.scan.likeness == f"{3:064x}"


def test_a_seal_on_an_enclosure_is_not_the_writers() -> None:
    leaves = [leaf(PageKind.LETTER, 1), leaf(PageKind.POLICY, 2, marks=frozenset({"seal"}))]
    assert letter_of(leaves, "eyes", {}).scan.marks == frozenset()
