"""Every cue word of every rule, found in a text: what causes, products, urgency and intents are judged by."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from normalizer.lexicon import Hit, Lexicon
from normalizer.rulebook import cached_rule, follows_rules, rules

WEIGHTS = {"strong": 5.0, "cues": 2.0, "weak": 0.8}
SENTENCE = re.compile(r"[^。!?\n;；]+[。!?;；]*")  # no cue goes beyond: see Lexicon
EXCEPT = "except:"
REMEMBERED, SHORT = 512, 200  # sentences, characters of one


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
        yield from ((f"except:sign:{name}", cue, 1.0) for block in data[name] for cue in block.get("except", ()))


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
    shielded = {tag.removeprefix(EXCEPT): Shield(places) for tag, places in shields.items()}
    return [
        hit
        for hit in hits
        if hit.tag not in shields and not (hit.tag in shielded and shielded[hit.tag].covers(hit.start, hit.end))
    ]


class Shield:
    """The figures of speech of one tag, ready to be asked by a thousand cues: who writes 不对 4,000 times has as many
    of both."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        places = sorted(places)
        self._starts = [start for start, _ in places]
        self._furthest = list(accumulate((end for _, end in places), max))

    def covers(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with start:end."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._furthest[before - 1] > start
