"""Answers by number: the most natural reply to a numbered list is a numbered list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from normalizer.normalize import normalize
from normalizer.record import Complaint, Heard, Submission

ITEM = re.compile(r"^\s*[(（]?(\d{1,2})\s*[.、．:：)）]\s*(.+?)\s*$", re.MULTILINE)


def answers_by_number(text: str, listed: Sequence[str]) -> list[tuple[str, str]]:
    """(field, words) for each line that answers an item of our list; empty when the mail is not such a list."""
    found = [(int(number), words) for number, words in ITEM.findall(text)]
    if not listed or not found or any(not 1 <= number <= len(listed) for number, _ in found):
        return []
    return [(listed[number - 1], words) for number, words in found]


def read_by_number(submission: Submission, known: Complaint | None, answers: Sequence[tuple[str, str]]) -> Complaint:
    """Each line read as the answer to its own question, and what all of them said together."""
    record, said, corrected = known or Complaint(), frozenset[str](), frozenset[str]()
    contradicted = frozenset[str]()
    first = Heard()
    for place, (name, words) in enumerate(answers):
        record = normalize(replace(submission, text=words, subject=""), record, asked=name)
        first = record.heard if place == 0 else first
        said |= record.heard.fields
        corrected |= record.heard.corrected
        contradicted |= record.heard.contradicted
    heard = replace(first, fields=said, corrected=corrected, contradicted=contradicted - corrected, declined="")
    return replace(record, heard=heard)
