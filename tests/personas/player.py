"""The rules by which a persona answers (persona.py, copied), with types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from tests.personas import persona as copied

CASES = Path(__file__).parent.parent / "cases"
FILES = ("personas.jsonl", "own_personas.jsonl")

Message = str | dict[str, Any]
Script = Mapping[str, Any]  # one line of personas.jsonl

_rules: Any = copied  # the copy has no types


class Player(Protocol):
    """One persona in one run."""

    goal: str
    turns: int
    asked: dict[str, int]
    asked_again: list[str]
    disclosed: dict[str, Any]
    sent: list[Message]
    refs: dict[str, str]
    gave_up: str | None
    fired: set[int]

    def opening(self) -> list[Message]: ...

    def answer(self, bot_text: str, ctx: Mapping[str, Any]) -> list[Message] | None:
        """What the person sends next; [] says nothing and waits, None has nothing more to say."""
        ...

    def later(self) -> dict[str, Any] | None:
        """The next step after the main dialogue."""
        ...


def player(script: Script, refs: Mapping[str, str]) -> Player:
    return cast(Player, _rules.Persona(script, dict(refs)))


def kind_of(bot_text: str, ctx: Mapping[str, Any] | None = None) -> str:
    return str(_rules.analyse(bot_text, ctx)["kind"])


def fields_of(bot_text: str, ctx: Mapping[str, Any] | None = None) -> Sequence[str]:
    """What a text asks for, as a person reads it."""
    return [str(name) for name in _rules.analyse(bot_text, ctx)["fields"]]


def says_handed(bot_text: str) -> bool:
    return bool(_rules.HANDED.search(_rules.nfkc(bot_text)))


def numbers_in(bot_text: str) -> Sequence[str]:
    """Complaint numbers that a text tells."""
    return [str(number) for number in _rules.analyse(bot_text)["case_numbers"]]


def words_of(message: Message) -> str:
    return str(_rules.text_of(message))


def digits_in(text: str) -> str:
    """All digits of a text, spoken ones too, with nothing between them."""
    return re.sub(r"\D", "", str(_rules.zh_digits(text)))


def simple(text: str) -> str:
    return str(_rules.simple(text))


def expected_missing(player: Player) -> Sequence[str]:
    return [str(name) for name in _rules.expected_missing(player)]


def compare(player: Player, record: Mapping[str, Any]) -> Sequence[tuple[str, bool, Any, Any]]:
    """Key, does it agree, wanted, got: for every key of ``expect.record`` that can be judged in this run."""
    return cast(Sequence[tuple[str, bool, Any, Any]], _rules.compare_record(player, record))


def scripts() -> Iterator[Script]:
    """Every persona, the given ones first."""
    for name in FILES:
        with (CASES / name).open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def script_of(id: str) -> Script:
    """Raises LookupError when there is no such persona."""
    found = next((script for script in scripts() if script["id"] == id), None)
    if found is None:
        raise LookupError(f"no persona {id!r} in {', '.join(FILES)}")
    return found
