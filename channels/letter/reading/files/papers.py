"""The pages of several files that are one letter, counted through."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from channels.base import Paper
from channels.letter.reading.files.causes import TOO_MANY_PAGES, Unopened
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.files.pages import Pages, open_or_lose
from channels.letter.reading.values import Sheet


class PapersPages:
    """All pages of a bundle; one of its files is open at a time."""

    def __init__(self, papers: Sequence[Paper], limits: FileLimits) -> None:
        self._papers, self._limits = papers, limits
        self.counts, self.complete = _counted(papers, limits)
        self._open: tuple[int, Pages] | None = None

    def __len__(self) -> int:
        return sum(self.counts)

    def sheet(self, number: int) -> Sheet:
        """Page ``number`` (from 1) of all. Raises Unopened when it, or its file, cannot be decoded."""
        paper, page = place(number, self.counts)
        return replace(self._turned_to(paper).sheet(page), number=number)

    def close(self) -> None:
        if self._open:
            self._open[1].close()
        self._open = None

    def _turned_to(self, paper: int) -> Pages:
        if self._open is None or self._open[0] != paper:
            self.close()
            self._open = (paper, open_or_lose(self._papers[paper].content, self._limits))
        return self._open[1]


def place(number: int, counts: Sequence[int]) -> tuple[int, int]:
    """Which file (from 0) page ``number`` lies in, and which page (from 1) it is there. Raises ValueError."""
    for paper, count in enumerate(counts):
        if 1 <= number <= count:
            return paper, number
        number -= count
    raise ValueError("there is no such page")


def page_counts(papers: Sequence[Paper], limits: FileLimits) -> tuple[int, ...]:
    """How many pages each file has; one that cannot be opened counts as one. Raises Unopened when they are too many."""
    return _counted(papers, limits)[0]


def _counted(papers: Sequence[Paper], limits: FileLimits) -> tuple[tuple[int, ...], bool]:
    counts: list[int] = []
    complete = True
    for paper in papers:
        with closing(open_or_lose(paper.content, limits)) as pages:
            counts.append(len(pages))
            complete = complete and pages.complete
        if sum(counts) > limits.pages:
            raise Unopened(TOO_MANY_PAGES)
    return tuple(counts), complete
