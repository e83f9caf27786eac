"""Files of several letters: every letter of them is in the ledger, and every page is in one of them and was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from gateway.operations.balance.values import Off, Why
from normalizer.record import SHANGHAI
from store.balance import Held

PAGES = "pages"  # in the envelope of a letter that was cut out of a file: which pages of it


def is_letter_of_one(item: Held) -> bool:
    """Was it cut out of a file? Then its key is the file's and a number."""
    return PAGES in item.envelope and item.key.rpartition("/")[2].isdigit()


def off_in(letters: Sequence[Held], read: Mapping[int, int]) -> Iterator[Off]:
    """``read``: how many pages were read of an item, where it was read at all."""
    batches: dict[str, list[Held]] = defaultdict(list)
    for letter in letters:
        batches[letter.key.partition("/")[0]].append(letter)
    for file, those in batches.items():
        yield from _missing(file, those)
        yield from _twice(file, those)
        yield from _unread(those, read)


def _missing(file: str, letters: Sequence[Held]) -> Iterator[Off]:
    numbers = {int(letter.key.partition("/")[2]) for letter in letters}
    for number in set(range(1, max(numbers) + 1)) - numbers:
        yield _off(letters[0], Why.BATCH_GAP, f"{file[:16]}/{number}")


def _twice(file: str, letters: Sequence[Held]) -> Iterator[Off]:
    seen: set[str] = set()
    for letter in letters:
        pages = set(letter.envelope[PAGES].split(","))
        if seen & pages:
            yield _off(letter, Why.PAGES, f"{file[:16]}/{letter.key.partition('/')[2]}")
        seen |= pages


def _unread(letters: Sequence[Held], read: Mapping[int, int]) -> Iterator[Off]:
    for letter in letters:
        if letter.id in read and read[letter.id] != len(letter.envelope[PAGES].split(",")):
            yield _off(letter, Why.PAGES, str(letter.id))


def _off(letter: Held, why: Why, name: str) -> Off:
    day = letter.received_at.astimezone(SHANGHAI).date()
    return Off(channel=letter.channel, why=why, name=name, kind="letter", day=day)
