"""The one place that says whether a record is right: field by field, value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from normalizer.jsonlines import from_line, to_json
from normalizer.normalize import normalize
from tests.eval.cases import Case

CONTAINED = ("request", "respondent")  # judged by substring
SETS = ("flags", "missing")  # their order says nothing
DANGER = "P0"

Record = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """One field of one case: right or not, and how many values were found, made up, overlooked."""

    case: Case
    name: str
    wanted: Any
    got: Any
    right: bool
    found: int
    made_up: int  # false positives
    overlooked: int  # false negatives

    def __str__(self) -> str:
        return f"{self.case.id} {self.name}: {self.got!r} instead of {self.wanted!r}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One case with all its verdicts."""

    case: Case
    got: Record
    verdicts: tuple[Verdict, ...]

    @property
    def wrong(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.right]

    @property
    def found_danger(self) -> bool:
        return bool(self.got["priority"] == DANGER)


def judge(case: Case, read: Callable[[Case], Record] | None = None) -> Judged:
    """A case read by the normalizer (or by ``read``) and compared with what it expects."""
    got = (read or record_of)(case)
    verdicts = tuple(verdict(case, name, wanted, got[name]) for name, wanted in case.expect.items())
    return Judged(case=case, got=got, verdicts=verdicts)


def record_of(case: Case) -> Record:
    return to_json(normalize(from_line(case.line)))


def verdict(case: Case, name: str, wanted: Any, got: Any) -> Verdict:
    """Compare one field; for those judged by substring the whole value counts as one."""
    right = same(name, wanted, got)
    wants, gets = _values(wanted), _values(got)
    found = wants.total() if right else (wants & gets).total()
    return Verdict(
        case=case,
        name=name,
        wanted=wanted,
        got=got,
        right=right,
        found=found,
        made_up=0 if right else gets.total() - found,
        overlooked=wants.total() - found,
    )


def same(name: str, wanted: Any, got: Any) -> bool:
    if name in CONTAINED and wanted:
        return bool(got) and _plain(wanted) in _plain(got)
    if name in SETS:
        return sorted(wanted) == sorted(got)
    return bool(got == wanted)


def _values(value: Any) -> Counter[Any]:
    """A list counts value by value, anything else as one; null as none."""
    return Counter(value if isinstance(value, list) else [] if value is None else [value])


def _plain(text: str) -> str:
    return "".join(text.split())


@dataclass(kw_only=True, slots=True)
class Tally:
    """Verdicts on one field added up. A share of nothing is 1: nothing was wrong."""

    judged: int = 0
    right: int = 0
    found: int = 0
    made_up: int = 0
    overlooked: int = 0

    def add(self, verdict: Verdict) -> None:
        self.judged += 1
        self.right += verdict.right
        self.found += verdict.found
        self.made_up += verdict.made_up
        self.overlooked += verdict.overlooked

    @property
    def accuracy(self) -> float:
        return _share(self.right, self.judged)

    @property
    def precision(self) -> float:
        return _share(self.found, self.found + self.made_up)

    @property
    def recall(self) -> float:
        return _share(self.found, self.found + self.overlooked)

    @property
    def f1(self) -> float:
        return _share(2 * self.found, 2 * self.found + self.made_up + self.overlooked)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@dataclass(kw_only=True, slots=True)
class Score:
    """All cases judged, and their figures."""

    judged: list[Judged] = field(default_factory=list)

    @property
    def tallies(self) -> dict[str, Tally]:
        """Per field, in the order in which the fields were first met."""
        tallies: dict[str, Tally] = {}
        for one in self.verdicts:
            tallies.setdefault(one.name, Tally()).add(one)
        return tallies

    @property
    def danger(self) -> Tally:
        """P0 alone: also the cases that only say that they are none."""
        tally = Tally()
        for one in self.judged:
            if one.case.danger is not None:
                wanted, got = DANGER if one.case.danger else None, DANGER if one.found_danger else None
                tally.add(verdict(one.case, DANGER, wanted, got))
        return tally

    @property
    def verdicts(self) -> list[Verdict]:
        return [verdict for one in self.judged for verdict in one.verdicts]

    @property
    def misses(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if not verdict.right]


def score(cases: Iterable[Case], read: Callable[[Case], Record] | None = None) -> Score:
    return Score(judged=[judge(case, read) for case in cases])
