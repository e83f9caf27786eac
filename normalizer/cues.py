"""Every cue word of every rule, found in a text: what causes, products, urgency and intents are judged by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

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
    shielded = {tag.removeprefix(EXCEPT): places for tag, places in shields.items()}
    return [
        hit for hit in hits if hit.tag not in shields and not (hit.tag in shielded and _lies_in(hit, shielded[hit.tag]))
    ]


def _lies_in(hit: Hit, places: list[tuple[int, int]]) -> bool:
    return any(a < hit.end and hit.start < b for a, b in places)
