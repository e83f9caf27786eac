"""The sentences that teach, with what each of them is an example of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normalizer.classify import LINE

DATA = Path(__file__).parent / "data"
CASES = Path(__file__).parents[1] / "cases"
TASKS = ("detail", "product", "intent", "danger")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A text and what it teaches: task → label."""

    text: str
    teaches: dict[str, str]


def sentences() -> list[Example]:
    """All of them, in a fixed order; of the cases those alone that were seen while tuning."""
    files = sorted(DATA.glob("*.jsonl"))
    seen = sorted((CASES / "normalizer").glob("dev-*.jsonl"))
    cases = [CASES / "normalizer.jsonl", CASES / "own_normalizer.jsonl", *seen]
    return [
        *(one for file in files for one in _sentences(file)),
        *(one for file in cases for one in _cases(file)),
        *_harmless(CASES / "urgent.jsonl"),
    ]


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line)


def _sentences(file: Path) -> Iterator[Example]:
    for line in _lines(file):
        teaches = {task: line[task] or "none" for task in TASKS if task in line}
        if "detail" in teaches or "intent" in teaches:
            teaches |= {"danger": "none"}
        yield Example(text=line["text"], teaches=teaches)


def _line(product: str | None) -> str:
    """A part of a line (P0102) is told by its own name: what is learned is the line."""
    return product[:LINE] if product else "none"


def _harmless(file: Path) -> Iterator[Example]:
    """Figures of speech and other people's matters; which danger the others name, the file does not say."""
    yield from (Example(text=line["text"], teaches={"danger": "none"}) for line in _lines(file) if not line["p0"])


def _cases(file: Path) -> Iterator[Example]:
    for line in _lines(file):
        wanted = line["expect"]
        teaches = {"intent": wanted["intent"]} if "intent" in wanted else {}
        if wanted.get("intent") == "complaint":
            if wanted.get("category_detail"):
                teaches["detail"] = wanted["category_detail"]
            if "product" in wanted:
                teaches["product"] = _line(wanted["product"])
            if wanted.get("priority") in ("P2", "P3"):
                teaches["danger"] = "none"
        yield Example(text=line["text"], teaches=teaches)
