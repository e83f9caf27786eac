"""What a look at the books comes to: a line for each channel and day, and every single thing that does not balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Why(StrEnum):
    """Why something does not balance."""

    # by the ledger itself
    MISCOUNTED = "miscounted"  # received is not handled + quarantined + in work
    LEFT_BEHIND = "left_behind"  # stored, and never handled
    NO_ANSWER = "no_answer"  # its answer was to leave by the outbox, and is not in it
    FILE_OVERDUE = "file_overdue"  # a file of it should have been fetched long since
    BATCH_GAP = "batch_gap"  # a letter of a batch is missing
    PAGES = "pages"  # a page of a batch is in two letters, or was not read
    # by the source
    NOT_IN_LEDGER = "not_in_ledger"
    NOT_IN_OUTBOX = "not_in_outbox"  # a message that we know nothing of: perhaps one that left twice
    LEFT_AT_SOURCE = "left_at_source"  # it waits there, and nobody fetches it
    NOT_AT_SOURCE = "not_at_source"  # we have it, and its source knows nothing of it
    # good to know, and no fault
    REPEATED = "repeated"  # the source delivered it more than once; it counts once


HARMLESS = frozenset({Why.REPEATED})


class Answered(StrEnum):
    """What a source said."""

    TOLD = "told"  # its books were compared with ours
    AWAY = "away"  # it could not be asked: nothing is proven
    MUTE = "mute"  # it keeps no list that could be asked for
    OFF = "off"  # the channel is not configured


class Verdict(StrEnum):
    BALANCED = "balanced"
    OFF_BALANCE = "off_balance"
    UNKNOWN = "unknown"  # all that could be looked at balances, and a source was away


@dataclass(frozen=True, kw_only=True, slots=True)
class Off:
    """One thing that does not balance, by a name that says nothing of anybody. ``day``: None where none is known."""

    channel: str
    why: Why
    name: str
    kind: str = "item"
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One channel on one day in Shanghai. ``at_source`` None: it was not counted there."""

    channel: str
    day: date
    received: int = 0
    handled: int = 0
    quarantined: int = 0
    in_work: int = 0
    files_owed: int = 0
    files_lost: int = 0
    at_source: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How the far side of a channel answered."""

    channel: str
    answered: Answered
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """One look over the days from ``since`` to before ``until``."""

    at: datetime
    since: datetime
    until: datetime
    lines: Sequence[Line] = ()
    off: Sequence[Off] = ()
    sources: Sequence[Source] = ()
    more: bool = False  # there is more that does not balance than is named

    @property
    def faults(self) -> Sequence[Off]:
        return [each for each in self.off if each.why not in HARMLESS]

    @property
    def verdict(self) -> Verdict:
        if self.faults:
            return Verdict.OFF_BALANCE
        away = any(source.answered is Answered.AWAY for source in self.sources)
        return Verdict.UNKNOWN if away else Verdict.BALANCED

    def with_counts(self, counts: Mapping[tuple[str, date], int], asked: frozenset[str]) -> Balance:
        """The lines with what the sources counted; those of a day on which only they know something are added."""
        known = {(line.channel, line.day): line for line in self.lines}
        for place in counts.keys() - known.keys():
            known[place] = Line(channel=place[0], day=place[1])
        counted = [
            replace(line, at_source=counts.get(place, 0)) if line.channel in asked else line
            for place, line in known.items()
        ]
        return replace(self, lines=sorted(counted, key=lambda line: (line.day, line.channel), reverse=True))


def to_json(balance: Balance) -> dict[str, Any]:
    """What is kept and printed; it holds nothing personal."""
    packed = asdict(balance)
    for moment in ("at", "since", "until"):
        packed[moment] = packed[moment].isoformat()
    packed["lines"] = [{**line, "day": line["day"].isoformat()} for line in packed["lines"]]
    packed["off"] = [{**off, "day": off["day"].isoformat() if off["day"] else None} for off in packed["off"]]
    packed["sources"] = list(packed["sources"])
    return {**packed, "verdict": balance.verdict.value}


def from_json(packed: Mapping[str, Any]) -> Balance:
    return Balance(
        at=datetime.fromisoformat(packed["at"]),
        since=datetime.fromisoformat(packed["since"]),
        until=datetime.fromisoformat(packed["until"]),
        lines=[Line(**{**line, "day": date.fromisoformat(line["day"])}) for line in packed["lines"]],
        off=[Off(**{**off, "why": Why(off["why"]), "day": _day(off["day"])}) for off in packed["off"]],
        sources=[Source(**{**each, "answered": Answered(each["answered"])}) for each in packed["sources"]],
        more=packed["more"],
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
