"""What is wrong with an insurer's folder of rules, said so that whoever wrote it finds the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from normalizer.editions import Edition, UnreadableEdition, own_files, read_edition, shipped, shipped_on
from normalizer.overlay import laid_over
from normalizer.rulebook import RULE_FILES
from normalizer.rulesense import senseless, unheard
from normalizer.ruleshape import Remark, misshapen, nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing found: in which file, at which key, what. Only grave ones keep the rules from being used."""

    file: str
    key: str
    what: str
    grave: bool = True

    def __str__(self) -> str:
        return f"{self.file}: {f'{self.key}: ' if self.key else ''}{self.what}"


def check(folder: Path) -> list[Finding]:
    """Every fault of every ``*.toml`` in the folder, editions of days to come included."""
    try:
        files = own_files(folder)
    except UnreadableEdition as error:
        return [Finding(file=error.file, key=error.key, what=error.what)]
    found: list[Finding] = []
    editions: list[Edition] = []
    for file in files:
        try:
            editions.append(read_edition(file))
        except UnreadableEdition as error:
            found.append(Finding(file=error.file, key=error.key, what=error.what))
    return [*found, *_twice(editions), *(finding for edition in editions for finding in _in(edition))]


def _twice(editions: list[Edition]) -> Iterator[Finding]:
    """Two editions of one file for the same day: nobody could say which is in force."""
    first: dict[tuple[str, object], str] = {}
    for edition in editions:
        known = first.setdefault((edition.name, edition.effective_from), edition.file)
        if known != edition.file:
            what = f"{edition.effective_from} is also the day of {known}"
            yield Finding(file=edition.file, key="effective_from", what=what)


def _in(edition: Edition) -> Iterator[Finding]:
    if edition.name not in RULE_FILES:
        what = f"there are no rules of this name{nearest(edition.name, RULE_FILES)}; there are {', '.join(RULE_FILES)}"
        yield Finding(file=edition.file, key="", what=what)
        return
    base = shipped(shipped_on(edition.name, edition.effective_from)).data
    shape = list(misshapen(base, edition.data))
    yield from _as_findings(edition, shape)
    if not any(remark.grave for remark in shape):  # what has not even the right form cannot be laid over
        yield from _as_findings(edition, senseless(edition.name, laid_over(base, edition.data)))
        yield from _as_findings(edition, unheard(edition.data))


def _as_findings(edition: Edition, remarks: Iterable[Remark]) -> Iterator[Finding]:
    for remark in remarks:
        yield Finding(file=edition.file, key=remark.key, what=remark.what, grave=remark.grave)
