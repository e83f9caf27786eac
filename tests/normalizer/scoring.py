"""Scores records against the expected ones of tests/cases, field by field."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from normalizer.jsonlines import from_line, to_json
from normalizer.normalize import normalize

CASES = Path(__file__).parents[1] / "cases"
CONTAINED = ("request", "respondent")  # judged by substring
UNORDERED = ("flags", "missing")


@dataclass(kw_only=True)
class Score:
    """How many of the judged values were right, per field, and which were not."""

    right: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def share(self, name: str) -> float:
        return self.right[name] / self.judged[name] if self.judged[name] else 1.0


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines() if line]


def score(lines: list[dict[str, Any]]) -> Score:
    result = Score()
    for case in lines:
        got = to_json(normalize(from_line(case)))
        for name, wanted in case["expect"].items():
            result.judged[name] += 1
            if same(name, wanted, got[name]):
                result.right[name] += 1
            else:
                result.misses.append(f"{case['id']} {name}: {got[name]!r} instead of {wanted!r}")
    return result


def same(name: str, wanted: Any, got: Any) -> bool:
    if name in CONTAINED and wanted:
        return bool(got) and _plain(wanted) in _plain(got)
    if name in UNORDERED:
        return sorted(wanted) == sorted(got)
    return bool(got == wanted)


def _plain(text: str) -> str:
    return "".join(text.split())
