"""Our return slip, filled in: what its pen wrote, told apart from what we printed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import Any

from channels.letter.reading.meaning.edges import Edges, edges_of
from channels.letter.reading.meaning.furniture import furniture
from channels.letter.reading.meaning.joins import APART, glue
from normalizer.record import ScanLine, ScanPage

_ASK = re.compile(r"\s*(\d{1,2})\s*[.、．]\s*(?!\d)(?P<said>.*)")
_ANSWERED = re.compile(r"(?P<said>[^：:]{2,14})[：:]\s*(?P<answer>.*)")
_COMPLETE = re.compile(r"[。？?：:.）)]$")
_WRITTEN = re.compile(r"[㐀-鿿]{2}|\d{2}|[A-Za-z]{4}")
FULL = 3.0  # characters left of a question's line that goes on in the next


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An answer: its label, and what stands before each of its lines (by their index on the page)."""

    label: str
    words: tuple[tuple[str, int], ...]


def answered(page: ScanPage) -> Iterator[Row]:
    """What somebody wrote on a page of a slip; what is printed on it is left out."""
    edges = edges_of(page.lines)
    label, words = "", list[int]()
    for index, said in _area(page, edges):
        if said is None:
            words.append(index)
            continue
        yield from _row(page, edges, label, words)
        label, words = said, []
        if said == _WHOLE:
            yield from _row(page, edges, "", [index])
            label = ""
    yield from _row(page, edges, label, words)


_WHOLE = "\n"  # the line is an answer with its label, as it stands


def _area(page: ScanPage, edges: Edges) -> Iterator[tuple[int, str | None]]:
    """The lines from the first question on: what a label calls its answer, None for an answer itself."""
    dropped = {index for _, index in furniture([page])}
    asking = False
    for index in range(_beginning(page.lines), len(page.lines)):
        line = page.lines[index]
        if index in dropped or _is_printed(line.text):
            continue
        label = _asked(line.text)
        if label is None and asking:
            asking = _goes_on(line, edges)
        else:
            asking = _ASK.match(line.text) is not None and _goes_on(line, edges)
            yield index, label


def _goes_on(line: ScanLine, edges: Edges) -> bool:
    return edges.room(line) < FULL and not _COMPLETE.search(line.text.strip())


def _beginning(lines: Sequence[ScanLine]) -> int:
    """Below the last of our instructions, or at the first question."""
    told = [index for index, line in enumerate(lines) if _says(line.text, "before")]
    if told:
        return told[-1] + 1
    asked = (index for index, line in enumerate(lines) if _ASK.match(line.text) or _asked(line.text) is not None)
    return next(asked, len(lines))


def _asked(text: str) -> str | None:
    """What the line calls the answer below it; _WHOLE when it holds the answer itself; None: it asks for nothing."""
    if question := _ASK.match(text):
        return _label(question["said"])
    if _begins(text, "signature"):
        return _WHOLE if _is_filled(text) else "署名："
    if _begins(text, "date"):
        return _WHOLE
    said = _ANSWERED.fullmatch(text.strip())
    if said is None or not _label(said["said"]):
        return None
    return _WHOLE if said["answer"] else _label(said["said"])


def _is_filled(text: str) -> bool:
    """Is there anything beside the printed words and lines of the form? A scrawl is read as a letter or two."""
    for form in _words()["forms"]:
        text = text.replace(form, "")
    return _WRITTEN.search(text) is not None


def _label(question: str) -> str:
    labels: dict[str, list[str]] = _words()["labels"]
    lowered = question.lower()
    return next((label for label, cues in labels.items() if any(cue.lower() in lowered for cue in cues)), "")


def _is_printed(text: str) -> bool:
    empty = _begins(text, "date") and not _is_filled(text)
    return empty or _says(text, "before") or _begins(text, "printed")


def _begins(text: str, part: str) -> bool:
    return text.strip().startswith(tuple(_words()[part]))


def _says(text: str, part: str) -> bool:
    return any(cue.lower() in text.lower() for cue in _words()[part])


def _row(page: ScanPage, edges: Edges, label: str, words: Sequence[int]) -> Iterator[Row]:
    if words:
        gaps = (_gap(edges, page.lines[one], page.lines[other]) for one, other in pairwise(words))
        yield Row(label=label, words=tuple(zip(chain([""], gaps), words, strict=True)))


def _gap(edges: Edges, one: ScanLine, other: ScanLine) -> str:
    apart = (other.box[0] - one.box[2]) / edges.character
    return " " if edges.same_row(one, other) and apart > APART else glue(one.text, other.text)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("channels.letter.reading.meaning") / "slip.toml").read_text(encoding="utf-8"))
