"""What a page is, and why: a letter is what a person says to us, all else is what they put beside it.

In doubt it is a letter: an enclosure taken for one gives staff a doubtful field more; a letter taken for an enclosure
is a complaint that nobody hears.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Protocol

from channels.letter.reading.meaning.evidence import CHAT, LETTER, Evidence, Said, bonus, running, said, weigh, wins
from channels.letter.reading.meaning.ours import is_separator, is_slip
from channels.letter.reading.meaning.sides import turns
from normalizer.record import PageKind, ScanLine

SEPARATOR, SLIP = "separator", "slip"
KINDS = {
    SEPARATOR: PageKind.SEPARATOR,
    SLIP: PageKind.SLIP,
    "id_card": PageKind.ID_CARD,
    "invoice": PageKind.INVOICE,
    "policy": PageKind.POLICY,
    "envelope": PageKind.ENVELOPE,
}  # an enclosure of another name is OTHER
READ_WELL = 0.8  # score of a line that surely says something
FEW_SIGNS, SOME_SIGNS = 5, 30  # blobs as large as characters
DARK = 0.1  # of the page: a photograph
GREEN = 0.004  # of the page
MOST_TURNS = 4
RUNNING = 0.3  # share of running text from which on a page may go on with a letter
DOUBT = 1.5  # times as much must speak against a page that is a letter by itself
HINTED = 0.5  # strength of an enclosure that is not quite one
SAID_SOMETHING = 6  # characters


class Inked(Protocol):
    """How much is on a page; see ``ink``."""

    @property
    def strong(self) -> int: ...

    @property
    def faint(self) -> int: ...

    @property
    def dark(self) -> float: ...

    @property
    def green(self) -> float: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a page is, and what led to it, for whoever asks."""

    kind: PageKind
    why: tuple[str, ...]


def judge(lines: Sequence[ScanLine], ink: Inked, codes: Sequence[str], before: PageKind | None = None) -> Verdict:
    """What a page with these lines is; ``before`` is what the page before it in the same letter is."""
    by_code = _by_code(codes) or _blank(lines, ink)
    if by_code is not None:
        return by_code
    spoken = said([line.text for line in lines])
    found = weigh(spoken)
    found[CHAT] = _as_chat(found[CHAT], lines, ink)
    letter = _as_letter(found.pop(LETTER), spoken, before)
    best = max(found.values(), key=lambda evidence: evidence.strength)
    if _is_enclosure(best, letter):
        return Verdict(kind=KINDS.get(best.kind, PageKind.OTHER), why=(best.why, letter.why))
    return Verdict(kind=_else(lines, ink, best, letter, spoken), why=(letter.why, best.why))


def expects_code(lines: Sequence[ScanLine]) -> bool:
    """Do its words say that one of our codes is on this page?"""
    found = weigh(said([line.text for line in lines]))
    return max(found[SEPARATOR].strength, found[SLIP].strength) >= HINTED


def _by_code(codes: Sequence[str]) -> Verdict | None:
    for kind, is_it in ((PageKind.SEPARATOR, is_separator), (PageKind.SLIP, is_slip)):
        if any(is_it(code) for code in codes):
            return Verdict(kind=kind, why=(f"code {kind}",))
    return None


def _blank(lines: Sequence[ScanLine], ink: Inked) -> Verdict | None:
    """Nothing that was written here: the other side shining through is faint, and mirrored it cannot be read."""
    well = sum(len(line.text) for line in lines if line.score >= READ_WELL)
    if ink.strong > FEW_SIGNS or ink.dark >= DARK or well >= SAID_SOMETHING:
        return None
    return Verdict(kind=PageKind.BLANK, why=(f"ink {ink.strong} strong, {ink.faint} faint",))


def _as_letter(evidence: Evidence, spoken: Sequence[Said], before: PageKind | None) -> Evidence:
    share = running(spoken)
    evidence = evidence.and_also(share * bonus(LETTER, "running"), f"running {share:.2f}")
    goes_on = before is PageKind.LETTER and share >= RUNNING
    return evidence.and_also(goes_on * bonus(LETTER, "after_letter"), "after a letter")


def _as_chat(evidence: Evidence, lines: Sequence[ScanLine], ink: Inked) -> Evidence:
    """Green bubbles; words on the left and on the right, turn by turn."""
    evidence = evidence.and_also((ink.green > GREEN) * bonus(CHAT, "bubbles"), "green")
    times = min(MOST_TURNS, turns(lines))
    return evidence.and_also(times * bonus(CHAT, "turns"), f"{times} turns") if evidence.strength else evidence


def _is_enclosure(best: Evidence, letter: Evidence) -> bool:
    doubt = DOUBT if letter.strength >= 1 else 1.0
    return best.strength >= 1 and (wins(best.kind) or best.strength > doubt * letter.strength)


def _else(lines: Sequence[ScanLine], ink: Inked, best: Evidence, letter: Evidence, spoken: Sequence[Said]) -> PageKind:
    """Of a page that is no enclosure we know."""
    if not lines:
        return PageKind.LETTER if ink.strong >= SOME_SIGNS and ink.dark < DARK else PageKind.OTHER
    if letter.strength > running(spoken) * bonus(LETTER, "running") or running(spoken) >= RUNNING:
        return PageKind.LETTER
    doubtful = mean(line.score for line in lines) < READ_WELL or best.strength < HINTED
    return PageKind.LETTER if doubtful and ink.dark < DARK else PageKind.OTHER
