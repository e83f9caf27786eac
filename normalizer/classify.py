"""Cause and product, each with the words that led to it: what cue words weigh and what sentences have taught."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from normalizer.learned import NOTHING, leading, telling
from normalizer.lexicon import Hit
from normalizer.rulebook import cached_rule, rules
from normalizer.text import Found

STRONG = 5.0
YIELDED = 0.45  # what is left of a detail beside a stronger kind of cause
UNNEEDED = 0.35  # what is left of it where its subject is not spoken of
COUNTED = 5  # cues of one code
SAYS = {"detail": 0.15, "product": 1.0}  # what a point of cue words adds to the logarithm of the odds …
SHORT = 40  # … and twice that in so few characters, which leave sentences little to go by
LINE = 3  # characters of the code of a line of insurance; a longer one is a part of it
LOUDEST = {"detail": 15.0, "product": 6.0}  # points beyond which further cues say nothing new
SURE = 0.06  # how likely a code must be to be believed where no cue speaks for it
BESIDE = 0.08  # … to be shown as a further cause
VAGUE = "C9904"  # where a cue speaks for any cause, it is not that nothing was told


@dataclass(frozen=True, kw_only=True, slots=True)
class Classified:
    """A code, the words that led to it, and the runners-up."""

    code: str
    found: Found
    others: tuple[Found, ...] = ()


def category(hits: list[Hit], text: str) -> Classified | None:
    """The primary detail code over a folded text; None when nothing speaks for any."""
    scores, first = _scores(hits, "detail:")
    if scores:
        _weigh(scores, text)
        _boost(scores)
        scores[VAGUE] = -LOUDEST["detail"]
    return _chosen("detail", text, scores, first)


def product(hits: list[Hit], text: str) -> Classified | None:
    """The product named, else the one whose things are spoken of; None when none is."""
    scores, first = _scores(hits, "product:")
    parts = {code: first[code] for code in scores if len(code) > LINE}
    for part in parts:
        scores[part[:LINE]] = max(scores.get(part[:LINE], 0), scores.pop(part))
        first.setdefault(part[:LINE], parts[part])
    line = _chosen("product", text, scores, first)
    own = [part for part in parts if line and part.startswith(line.code)]
    return replace(line, code=own[0], found=line.found._replace(value=own[0])) if line and len(own) == 1 else line


def _chosen(task: str, text: str, scores: Mapping[str, float], first: Mapping[str, Hit]) -> Classified | None:
    """By what sentences have taught and by the cue words together."""
    says = SAYS[task] * (2 if len(text) < SHORT else 1)
    points = {code: says * min(score, LOUDEST[task]) for code, score in scores.items()}
    (best, chance), *further = leading(task, text, points)
    if best == NOTHING or (best not in scores and chance < SURE):
        return None
    others = tuple(
        _found(task, code, text, likely, first.get(code))
        for code, likely in further
        if likely >= BESIDE and code != NOTHING
    )
    return Classified(code=best, found=_found(task, best, text, chance, first.get(best)), others=others)


def _found(task: str, code: str, text: str, chance: float, hit: Hit | None) -> Found:
    confidence = round(min(0.95, chance), 2)
    if hit:
        return Found(value=code, start=hit.start, end=hit.end, rule=f"{hit.tag}:{hit.cue}", confidence=confidence)
    word = next(iter(telling(task, code, text)), "")
    start = text.find(word)
    return Found(value=code, start=start, end=start + len(word), rule=f"learned.{task}:{word}", confidence=confidence)


def _scores(hits: list[Hit], prefix: str) -> tuple[dict[str, float], dict[str, Hit]]:
    """Per code: the best hits at different places count, each further one a little less."""
    by_tag: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit[0].startswith(prefix):
            by_tag.setdefault(hit[0], []).append(hit)
    scores: dict[str, float] = {}
    first: dict[str, Hit] = {}
    for tag, found in by_tag.items():
        code = tag[len(prefix) :]
        ranked = _apart(sorted(found, key=_by_weight)) if len(found) > 1 else found
        scores[code] = sum(hit.weight / (1 + 0.7 * i) for i, hit in enumerate(ranked))
        first[code] = ranked[0]
    return scores, first


def _by_weight(hit: Hit) -> tuple[float, int]:
    return -hit.weight, hit.start


def _apart(hits: list[Hit]) -> list[Hit]:
    """The first few that do not overlap: cues that do say the same thing once."""
    kept: list[Hit] = []
    for hit in hits:
        _, cue, start, end, _ = hit
        for _, other, a, b, _ in kept:
            if (start < b and a < end) or cue == other:
                break
        else:
            kept.append(hit)
            if len(kept) == COUNTED:
                break
    return kept


def _weigh(scores: dict[str, float], text: str) -> None:
    """A detail may weigh more by nature, less beside another, and less where the words that it needs are not spoken."""
    for code, particular in _particular().items():
        if code not in scores:
            continue
        weight, rivals, needs = particular
        scores[code] *= weight
        if rivals and any(score >= STRONG and other.startswith(rivals) for other, score in scores.items()):
            scores[code] *= YIELDED
        if needs and not needs.search(text):
            scores[code] *= UNNEEDED


@cached_rule
def _particular() -> dict[str, tuple[float, tuple[str, ...], re.Pattern[str] | None]]:
    """The details that have a weight, rivals or needs of their own."""
    special = ("weight", "yields_to", "needs")
    return {
        detail["code"]: (detail.get("weight", 1.0), tuple(detail.get("yields_to", ())), _any_of(detail.get("needs")))
        for detail in rules("categories")["detail"]
        if any(key in detail for key in special)
    }


def _any_of(words: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(map(re.escape, words))) if words else None


def _boost(scores: dict[str, float]) -> None:
    """What the general codes know strengthens the particular ones of their class."""
    for general, prefix in (("C0199", "C01"), ("C0299", "C02")):
        extra = min(scores.get(general, 0), 4) * 0.3
        for code in scores:
            if code.startswith(prefix) and code != general:
                scores[code] += extra
