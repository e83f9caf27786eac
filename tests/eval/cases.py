"""The case files: which there are, which of them were seen while the rules were made, and what a case holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "cases"
FOLDER = CASES / "normalizer"  # dev-*.jsonl, unseen-*.jsonl
UNSEEN = "unseen"
URGENT = {"channel": "wechat", "received_on": "2026-11-20"}  # lines of {text, p0} tell neither


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One text with what must become of it."""

    id: str
    file: str
    line: Mapping[str, Any]
    expect: Mapping[str, Any]
    danger: bool | None  # whether it must be P0; None: not judged

    @property
    def channel(self) -> str:
        return str(self.line["channel"])

    @property
    def text(self) -> str:
        return str(self.line["text"])

    @property
    def seen(self) -> bool:
        """Whether its file was looked at while the rules were made."""
        return not self.file.startswith(UNSEEN)


def files() -> list[Path]:
    """Every case file of the normalizer, those of the folder after the given ones."""
    given = [CASES / name for name in ("normalizer.jsonl", "own_normalizer.jsonl", "urgent.jsonl")]
    return [*given, *sorted(FOLDER.glob("*.jsonl"))]


def read(file: Path) -> list[Case]:
    """The cases of one file, in order. Raises ValueError with file and line for one that cannot be used."""
    cases = []
    for place, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            if line.strip():
                cases.append(_case(file.name, place, json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file.name}, line {place}: {error!r}") from error
    return cases


def _case(file: str, place: int, line: dict[str, Any]) -> Case:
    if "p0" in line:  # a line of urgent.jsonl
        expect = {"priority": "P0"} if line["p0"] else {}
        id = f"{file.partition('.')[0]}:{place}"
        return Case(id=id, file=file, line={**URGENT, **line}, expect=expect, danger=line["p0"])
    expect = line["expect"]
    danger = expect["priority"] == "P0" if "priority" in expect else None
    return Case(id=str(line["id"]), file=file, line=line, expect=expect, danger=danger)


def everything(chosen: Iterable[Path] = ()) -> list[Case]:
    """The cases of the named files, else of all."""
    return [case for file in list(chosen) or files() for case in read(file)]
