"""What people type, say or have scanned, made readable for the rules without losing where it stood."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from normalizer.record import Field, Method, Span, Submission
from normalizer.rulebook import cached_rule, rules

HEAD, TAIL = 9000, 9000  # characters read closely of an over-long text; the middle is only scanned for danger
GAP = "\n…\n"
KEEP = "，。、；“”‘’《》"  # Chinese marks that tell more than their ASCII twins (2,460 against 2，三)
REPLY_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{0,20}\]\s*)?(?:回复|答复|转发|回覆|轉發|re|fw|fwd|aw)\s*[:：]", re.I)
HAN = re.compile(r"[㐀-鿿]")
LATIN = re.compile(r"[A-Za-z]")
SAMPLE = 2000  # characters from which the language is told


@cached_rule
def folding() -> dict[int, str]:
    """Full width → half width, traditional → simplified, control → space; one character for one character."""
    from opencc import OpenCC  # loaded at first use: 30 ms

    han = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table = {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}
    table.update({code: _narrow(chr(code)) for code in [*range(0xFF01, 0xFFE7), *range(0x2000, 0x2070), 0x3000, 0xA0]})
    table.update(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 65279, 8232, 8233], " "))
    table.update({ord(mark): mark for mark in KEEP} | {ord("\r"): " ", ord("\t"): " ", ord("﹣"): "-", ord("—"): "-"})
    table.update({ord(a): b for a, b in rules("text")["characters"].items()})
    return table


@cached_rule
def _whole_folding() -> dict[int, str]:
    """With the characters that stay as they are: one that is missing costs ``str.translate`` an exception, and a
    message takes twice as long."""
    return {code: chr(code) for code in [*range(0x80), *range(0x3000, 0xA000)]} | folding()


def _narrow(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) != 1 or unicodedata.category(character) in ("Cf", "Cc"):
        return " "
    return folded


class Found(NamedTuple):
    """A value found in the folded text, not yet traced back to the words the customer wrote.

    Twenty are made for every message: a tuple is built in a quarter of the time of a frozen dataclass.
    """

    value: str
    start: int
    end: int
    rule: str
    confidence: float = 1.0
    method: Method = Method.RULE

    def moved(self, offset: int) -> Found:
        """The same in a text that begins ``offset`` characters earlier."""
        if offset == 0:
            return self
        return self._replace(start=self.start + offset, end=self.end + offset)


class Reading(NamedTuple):
    """One submission made readable: ``flat`` is for rules, and each of its characters knows its place in ``raw``."""

    raw: str  # subject, newline, text
    flat: str
    at: tuple[int, ...] | None  # flat index → raw index; None: the same
    body: int  # where in raw the text begins
    channel: str
    middle: str = ""  # folded part of an over-long text that is not read closely
    key: str = ""
    language: str = "zh-Hans"

    def words(self, start: int, end: int) -> str:
        """The customer's own writing behind ``flat[start:end]``."""
        begin, stop = self.place(start, end)
        return self.raw[begin:stop]

    def place(self, start: int, end: int) -> tuple[int, int]:
        if self.at is None or end <= start:
            return start, max(start, end)
        return self.at[start], self.at[end - 1] + 1

    def field(self, found: Found) -> Field:
        begin, stop = self.place(found.start, found.end)
        inside = begin >= self.body
        stop = (
            stop if inside else min(stop, max(self.body - 1, begin))
        )  # a passage that runs on is shown by its subject
        span = (
            Span(start=begin - self.body, end=stop - self.body)
            if inside
            else Span(start=begin, end=stop, part="subject")
        )
        return Field(
            value=found.value,
            source=self.raw[begin:stop],
            span=span,
            method=found.method,
            confidence=found.confidence,
            rule=found.rule,
            item=self.key,
        )


def read(submission: Submission) -> Reading:
    """Fold a submission's subject and text; wrapped lines of letters are joined, over-long texts shortened."""
    subject = submission.subject.strip()
    subject = "" if subject and REPLY_SUBJECT.match(submission.subject) else subject
    raw = f"{subject}\n{submission.text}" if subject else submission.text
    body = len(raw) - len(submission.text)
    folded = fold(raw)
    kept, middle = _shorten(folded)
    if submission.channel == "letter" and submission.scan is None:  # whoever read a scan saw where its lines end
        kept = _join_wrapped(folded, kept)
    at = None if len(kept) == len(folded) else tuple(kept)
    flat = folded if at is None else "".join(folded[i] for i in at)
    language = language_of(raw, folded)
    return Reading(
        raw=raw,
        flat=flat,
        at=at,
        body=body,
        channel=submission.channel,
        middle=middle,
        key=submission.key,
        language=language,
    )


def fold(text: str) -> str:
    """The form that rules match: same length as ``text``."""
    folded = text.translate(_whole_folding())
    if _any_slip().search(folded):
        for wrong, right in _slips():
            folded = folded.replace(wrong, right)
    return folded


@cached_rule
def _any_slip() -> re.Pattern[str]:
    """Most texts hold no slip, and one search tells: no replacement makes the first one possible."""
    return re.compile("|".join(re.escape(wrong) for wrong, _ in _slips()))


@cached_rule
def _slips() -> tuple[tuple[str, str], ...]:
    """What recognisers of speech and print mistake, each as long as what was meant (so that places hold)."""
    pairs = tuple(rules("text")["slips"].items())
    assert all(len(a) == len(b) for a, b in pairs), "a slip and its correction must be equally long"
    return pairs


def _shorten(folded: str) -> tuple[range | list[int], str]:
    if len(folded) <= HEAD + TAIL:
        return range(len(folded)), ""
    kept = [*range(HEAD), *range(len(folded) - TAIL, len(folded))]
    return kept, folded[HEAD : len(folded) - TAIL]


LABELLED = re.compile(r"[\u4e00-\u9fff]{2,6}:")  # 联系电话: begins a line of its own, however full the one before


def _join_wrapped(folded: str, kept: range | list[int]) -> list[int]:
    """Drop line ends inside a paragraph: a full line followed by one that is not indented goes on."""
    lines = folded.split("\n")
    widths = [_width(line) for line in lines]
    full = max(widths, default=0) * 0.72
    drop: set[int] = set()
    start = 0
    for line, width, following in zip(lines, widths, lines[1:], strict=False):
        end = start + len(line)
        if width >= max(full, 24) and following[:1].strip() and not LABELLED.match(following):
            drop.update(range(start + len(line.rstrip()), end + 1))
        start = end + 1
    return [i for i in kept if i not in drop]


def _width(line: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in line.rstrip())


def language_of(raw: str, folded: str) -> str:
    """zh-Hant when a fair share of the characters are traditional, en when hardly any are Chinese."""
    raw, folded = raw[:SAMPLE], folded[:SAMPLE]
    if raw == folded and not LATIN.search(raw):
        return "zh-Hans"
    han = len(HAN.findall(folded))
    if len(LATIN.findall(raw)) > max(20, han * 4):
        return "en"
    traditional = sum(a != b and "㐀" <= a <= "鿿" for a, b in zip(raw, folded, strict=True))
    return "zh-Hant" if traditional >= 2 and traditional * 12 >= han else "zh-Hans"
