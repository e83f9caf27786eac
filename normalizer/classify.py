"""Cause and product, each with the words that led to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from normalizer.lexicon import Hit, Lexicon
from normalizer.rulebook import cached_rule, follows_rules, rules
from normalizer.text import Found

WEIGHTS = {"strong": 5.0, "cues": 2.0, "weak": 0.8}
STRONG = 5.0
YIELDED = 0.45  # what is left of a detail beside a stronger kind of cause
UNNEEDED = 0.35  # what is left of it where its subject is not spoken of
SENTENCE = re.compile(r"[^。!?\n;；]+[。!?;；]*")  # no cue goes beyond: see Lexicon
EXCEPT = "except:"
COUNTED = 5  # cues of one code
REMEMBERED, SHORT = 512, 200  # sentences, characters of one


@dataclass(frozen=True, kw_only=True, slots=True)
class Classified:
    """A code, the margin with which it won, and the runners-up."""

    code: str
    found: Found
    margin: float
    others: tuple[Found, ...] = ()


@cached_rule
def lexicon() -> Lexicon:
    """Every cue of every rules file in one index: a text is read once for all of them."""
    return Lexicon([*_details(), *_products(), *_urgency(), *_intents()])


def _details() -> Iterable[tuple[str, str, float]]:
    for detail in rules("categories")["detail"]:
        for strength, weight in WEIGHTS.items():
            yield from ((f"detail:{detail['code']}", cue, weight) for cue in detail[strength])


def _products() -> Iterable[tuple[str, str, float]]:
    for product in rules("products")["product"]:
        yield from ((f"product:{product['code']}", cue, 5.0) for cue in product["strong"])
        yield from ((f"product:{product['code']}", cue, 1.0) for cue in product["weak"])


def _urgency() -> Iterable[tuple[str, str, float]]:
    data = rules("urgency")
    for flag in data["flag"]:
        yield from ((f"flag:{flag['code']}", cue, 1.0) for cue in flag["cues"])
        yield from ((f"except:flag:{flag['code']}", cue, 1.0) for cue in flag["except"])
    for name in ("on_site", "third_time", "joint", "handler", "crime", "vulnerable"):
        yield from ((f"sign:{name}", cue, 1.0) for block in data[name] for cue in block["cues"])


def _intents() -> Iterable[tuple[str, str, float]]:
    for name, block in rules("intents").items():
        if isinstance(block, dict):
            yield from ((f"intent:{name}", cue, 1.0) for cue in block["cues"])
            yield from ((f"except:intent:{name}", cue, 1.0) for cue in block.get("except", ()))


def cues(text: str) -> list[Hit]:
    """Every cue in a folded text, in order of place, without those inside a figure of speech listed for their tag."""
    found: list[Hit] = []
    for match in SENTENCE.finditer(text):
        sentence, offset = match[0], match.start()
        hits = sentence_cues(sentence) if len(sentence) <= SHORT else _cues_in(sentence)
        found += [Hit(t, cue, a + offset, b + offset, weight) for t, cue, a, b, weight in hits] if offset else hits
    return found


def _cues_in(sentence: str) -> list[Hit]:
    return without_exceptions(lexicon().scan(sentence))


# What was told is weighed anew with each answer, but it need not be read anew. The bound keeps people's words in
# memory for the last few conversations only.
sentence_cues = follows_rules(lru_cache(maxsize=REMEMBERED)(_cues_in))


def without_exceptions(hits: list[Hit]) -> list[Hit]:
    """Drop the cues that stand inside a figure of speech listed for their tag."""
    shields: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        if hit[0].startswith(EXCEPT):
            shields.setdefault(hit[0], []).append((hit.start, hit.end))
    if not shields:
        return hits
    return [hit for hit in hits if not hit[0].startswith(EXCEPT) and not _shielded(hit, shields)]


def _shielded(hit: Hit, shields: dict[str, list[tuple[int, int]]]) -> bool:
    return any(a < hit.end and hit.start < b for a, b in shields.get(EXCEPT + hit.tag, ()))


def category(hits: list[Hit], text: str) -> Classified | None:
    """The primary detail code, by the weight of its different cues; None when nothing speaks for any."""
    scores, first = _scores(hits, "detail:")
    if not scores:
        return None
    _weigh(scores, text)
    _boost(scores)
    groups: dict[str, float] = defaultdict(float)
    for code, score in scores.items():
        groups[code[:3]] = max(groups[code[:3]], score)
    ranked = sorted(scores, key=lambda code: (-(scores[code] + 0.25 * groups[code[:3]]), code))
    best = ranked[0]
    margin = scores[best] - (scores[ranked[1]] if len(ranked) > 1 else 0)
    others = tuple(_found(code, first[code]) for code in ranked[1:4] if scores[code] >= 4)
    return Classified(code=best, found=_found(best, first[best], margin), margin=margin, others=others)


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


def _found(code: str, hit: Hit, margin: float = 0) -> Found:
    return Found(
        value=code, start=hit.start, end=hit.end, rule=f"{hit.tag}:{hit.cue}", confidence=min(0.95, 0.5 + margin / 10)
    )


def product(hits: list[Hit]) -> Classified | None:
    """The product named, else the one whose things are spoken of."""
    scores, first = _scores(hits, "product:")
    if not scores:
        return None
    ranked = sorted(scores, key=lambda code: (-scores[code], first[code].start))
    best = ranked[0]
    if scores[best] < 1:
        return None
    return Classified(code=best, found=_found(best, first[best], 3), margin=scores[best])
