"""Whether an insurer's own rules can do what they say: expressions compile, codes are codes, words can be heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from math import prod
from typing import Any

from normalizer.editions import shipped, shipped_on
from normalizer.lexicon import CHOICE, Lexicon
from normalizer.overlay import ADD, SET, is_change, is_entries
from normalizer.ruleshape import OPEN, Remark, nearest
from normalizer.text import fold
from normalizer.urgency.level import LEVELS, SIGNS

Rules = Mapping[str, Any]

CUES = ("strong", "cues", "weak", "except")  # keys of cue language, in these files
CUE_FILES = ("categories", "products", "urgency", "intents")
EXPRESSIONS = {  # keys that hold regular expressions
    "requests": ("strong", "weak", "outcome", "outcomes", "narrative", "ban", "introduction", "english", "acts"),
    "roles": ("relatives", "proxy", "dead", "agent", "heir", "guardian", "organisation", "self"),
    "respondents": ("staff", "branch"),
    "places": ("provinces", "cities"),
}
CODES = {
    "detail": (re.compile(r"C\d{4}"), "C and four digits: C0102"),
    "product": (re.compile(r"[PL]\d{2}(?:\d{2})?"), "P or L and two or four digits: P01, P0102"),
    "flag": (re.compile(r"[a-z][a-z_]{1,30}"), "small letters: own_flag"),
}
KINDS = ("policy_number", "claim_number")
ROLES = ("self", "agent", "heir", "legal_representative", "organisation")
ASKED = {  # what the dialogue has words for
    "blocking": ("matter", "request", "complainant_name", "contact"),
    "contact_fields": ("phone", "email"),
    "contact_kinds": ("openid", "phone", "email", "post"),
    "post_fields": ("address",),
}
ASKED_ONCE = {
    "order": ("policy_number", "evidence", "documents"),
    "policy_fields": ("policy_number", "claim_number"),
    "documents_for": ROLES,
}
MOST_WAYS = 5000  # plain cues that one cue with {choices} may stand for
A_MOBILE = "13812345678"
MARK = re.compile(r"[{}|]")
MARKS = re.compile(r"([…{}|]+)")


def senseless(name: str, merged: Rules) -> Iterator[Remark]:
    """What is wrong in the rules as they would be in force."""
    particular = CHECKS.get(name)
    return chain(
        _cues("", merged) if name in CUE_FILES else (),
        _expressions(merged, EXPRESSIONS.get(name, ())),
        particular(merged) if particular else (),
    )


def _cues(where: str, table: Rules) -> Iterator[Remark]:
    for key, value in table.items():
        place = f"{where}.{key}" if where else key
        if isinstance(value, Mapping):
            yield from _cues(place, value)
        elif is_entries(value):
            for number, entry in enumerate(value, 1):
                yield from _cues(f"[[{key}]] {entry.get('code', number)}", entry)
        elif key in CUES and not _all_sound(value):
            yield from (Remark(key=place, what=f"{cue!r} {why}") for cue in value if (why := _bad_cue(cue)))


def _all_sound(cues: list[str]) -> bool:
    """Whether nothing is wrong with any: told at once, where one by one takes ten times as long."""
    if any(MARK.search(CHOICE.sub("", cue)) or not cue.strip("… ") or _ways(cue) > MOST_WAYS for cue in cues):
        return False
    try:
        Lexicon([("", cue, 1.0) for cue in cues])
    except (ValueError, IndexError):
        return False
    return True


def _ways(cue: str) -> int:
    return prod(len(choice.split("|")) for choice in CHOICE.findall(cue))


def _bad_cue(cue: str) -> str:
    """Why a cue cannot be one; empty when it can."""
    rest = CHOICE.sub("", cue)
    if "{" in rest or "}" in rest:
        return "has a brace without its other half; choices are written {a|b}"
    if "|" in rest:
        return "has a | outside of { }"
    if _ways(cue) > MOST_WAYS:
        return "has too many choices; make several cues of it"
    if not cue.strip("… "):
        return "says nothing"
    try:
        Lexicon([("", cue, 1.0)])
    except (ValueError, IndexError) as error:
        return f"is no cue: {error}"
    return ""


def _expressions(merged: Rules, keys: tuple[str, ...]) -> Iterator[Remark]:
    for key in keys:
        value = merged[key]
        for one in [value] if isinstance(value, str) else value:
            if why := _bad_expression(one.replace("{relatives}", "(?:)").replace("{acts}", "(?:)")):
                yield Remark(key=key, what=f"{one[:60]!r} {why}")


def _bad_expression(pattern: str) -> str:
    """Why a regular expression cannot be used; empty when it can."""
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no expression: {error}"
    return "has a group ( ); write (?: ) instead" if groups else ""


def _detail(merged: Rules) -> Iterator[Remark]:
    yield from _codes("detail", merged)
    for entry in merged["detail"]:
        wrong = [code for code in entry.get("yields_to", ()) if not re.fullmatch(r"C\d{2}(?:\d{2})?", code)]
        yield from (Remark(key=f"[[detail]] {entry['code']}.yields_to", what=f"{code!r} is no code") for code in wrong)


def _product(merged: Rules) -> Iterator[Remark]:
    return _codes("product", merged)


def _codes(name: str, merged: Rules) -> Iterator[Remark]:
    form, words = CODES[name]
    for entry in merged[name]:
        if not form.fullmatch(entry["code"]):
            yield Remark(key=f"[[{name}]] {entry['code']}", what=f"the code must be {words}")


def _urgency(merged: Rules) -> Iterator[Remark]:
    yield from _codes("flag", merged)
    for flag in merged["flag"]:
        if flag["level"] not in LEVELS:
            yield Remark(key=f"[[flag]] {flag['code']}.level", what=f"must be one of {', '.join(LEVELS)}")
    for name, words in merged["words"].items():
        yield from (Remark(key=f"words.{name}", what=f"{word!r} {why}") for word in words if (why := _bad_word(word)))
    known = {flag["code"] for flag in merged["flag"]} | set(SIGNS)
    for number, together in enumerate(merged["together"], 1):
        yield from _together(f"[[together]] {number}", together, merged["words"], known)
    yield from _weakened(merged)


def _weakened(merged: Rules) -> Iterator[Remark]:
    """What the shipped rules hold to be urgent, and these no longer do, or only in fewer words."""
    base = shipped(shipped_on("urgency", merged["effective_from"])).data
    now = {flag["code"]: flag for flag in merged["flag"]}
    for flag in base["flag"]:
        own, where = now[flag["code"]], f"[[flag]] {flag['code']}"
        if own["level"] in LEVELS and LEVELS.index(own["level"]) > LEVELS.index(flag["level"]):
            what = f"{own['level']} is less than the {flag['level']} it has; a shipped flag is never made less urgent"
            yield Remark(key=f"{where}.level", what=what)
        kept = frozenset(own["cues"])
        lost = [cue for cue in flag["cues"] if cue not in kept] if flag["level"] == LEVELS[0] else []
        if lost:
            what = f"{len(lost)} of the shipped cues for danger no longer count, {lost[0]!r} among them"
            yield Remark(key=f"{where}.cues", what=what, grave=False)


def _bad_word(word: str) -> str:
    """Why a word of a class cannot be one; empty when it can."""
    return "is a plain word; … stands only in cues" if "…" in word else _bad_cue(word)


def _together(where: str, rule: Rules, classes: Rules, known: set[str]) -> Iterator[Remark]:
    """Whether classes are named that there are, and a flag or a sign that can be raised."""
    if rule["raises"] not in known:
        yield Remark(key=f"{where}.raises", what=f"{rule['raises']!r} is no flag{nearest(rule['raises'], known)}")
    if not rule["words"]:
        yield Remark(key=f"{where}.words", what="names no class of [words]")
    for key in ("words", "unless"):
        absent = [name for name in rule.get(key, ()) if name not in classes]
        yield from (
            Remark(key=f"{where}.{key}", what=f"{name!r} is no class of [words]{nearest(name, classes)}")
            for name in absent
        )


def _identifiers(merged: Rules) -> Iterator[Remark]:
    for entry in merged["grammar"]:
        where = f"[[grammar]] {entry['kind']} {entry['company']}"
        if entry["kind"] not in KINDS:
            yield Remark(key=f"{where}.kind", what=f"must be one of {', '.join(KINDS)}")
        if why := _bad_expression(entry["pattern"]) or _takes_a_phone(entry["pattern"]):
            yield Remark(key=f"{where}.pattern", what=f"{entry['pattern']!r} {why}")
    for key in ("area", "mobile"):
        if why := _bad_expression(merged["phone"][key]):
            yield Remark(key=f"phone.{key}", what=why)


def _takes_a_phone(pattern: str) -> str:
    if re.fullmatch(pattern, A_MOBILE):
        return "also fits a mobile number; begin it with what is particular to your numbers"
    return "fits a number of no characters" if re.fullmatch(pattern, "") else ""


def _completeness(merged: Rules) -> Iterator[Remark]:
    yield from _among("", merged, ASKED)
    yield from _among("once.", merged["once"], ASKED_ONCE)


def _among(where: str, table: Rules, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[Remark]:
    for key, known in allowed.items():
        wrong = [word for word in table[key] if word not in known]
        yield from (Remark(key=where + key, what=f"{word!r} is none of {', '.join(known)}") for word in wrong)


def _text(merged: Rules) -> Iterator[Remark]:
    for wrong, right in merged["slips"].items():
        if len(wrong) != len(right):
            yield Remark(key=f"slips.{wrong}", what=f"{right!r} must be as long, so that places in the text hold")
    for wrong, right in merged["characters"].items():
        if len(wrong) != 1 or len(right) != 1:
            yield Remark(key=f"characters.{wrong}", what="must be one character for one character")


CHECKS: dict[str, Callable[[Rules], Iterator[Remark]]] = {
    "categories": _detail,
    "products": _product,
    "urgency": _urgency,
    "identifiers": _identifiers,
    "completeness": _completeness,
    "text": _text,
}


def unheard(own: Rules, where: str = "") -> Iterator[Remark]:
    """Words that no text can hold, as texts are read in half width, simplified and with slips of recognition undone."""
    for key, value in own.items():
        place = f"{where}.{key}" if where else key
        words = value.get(ADD, value.get(SET)) if is_change(value) else value
        if is_entries(words):
            for entry in words:
                yield from unheard(entry, f"[[{key}]] {entry.get('code', '')}".strip())
        elif isinstance(words, list):
            yield from (_never_found(place, word) for word in words if _as_read(word) != word)
        elif isinstance(words, Mapping) and key not in OPEN:  # those say themselves how a text is read
            yield from unheard(words, place)


def _as_read(word: str) -> str:
    return "".join(piece if MARKS.fullmatch(piece) else fold(piece) for piece in MARKS.split(word))


def _never_found(place: str, word: str) -> Remark:
    return Remark(key=place, what=f"{word!r} is never found: texts are read as {_as_read(word)!r}", grave=False)
