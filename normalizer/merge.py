"""What a message adds to what was known: later corrections win, staff stand, contradictions are kept beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from normalizer.record import Complaint, Field, Method

STANDING = {
    Method.MODEL: 0,
    Method.DIRECTORY: 0,
    Method.SENDER: 0,
    Method.RULE: 1,
    Method.ANSWER: 1,
    Method.STAFF: 2,
}
GROWS = ("matter", "request", "reason")  # told piece by piece
SEVERAL = ("policy_number", "claim_number")  # a person may have more than one: the first stays, others stand beside
CORRECTION = re.compile(
    r"不对|不是|错了|写错|说错|填错|报错|打错|弄错|改成|改为|换成|更正|改一下|应该是|才对|重新|换了|更新|变更为|新号|新的"
)
LONGEST = 8000

Fields = Mapping[str, Field]


def merge_field(name: str, old: Field | None, new: Field, *, correcting: bool) -> tuple[Field, Field | None]:
    """(the value that stands, the value that stands beside it)."""
    if old is None or not old.value or old.value == new.value:
        return (new if old is None or not old.value else old), None
    if STANDING[old.method] > STANDING[new.method]:
        return old, new
    if STANDING[new.method] > STANDING[old.method]:
        return new, old if old.method is not Method.SENDER else None
    if name in GROWS and not (correcting and name == "request"):
        return grown(old, new), None
    if name == "party_role" and not old.rule.endswith("default") and not correcting:
        return old, None
    if name in SEVERAL and not correcting:
        return old, new
    return new, old


def grown(old: Field, new: Field) -> Field:
    """Both tellings, one after the other; what was said already is not said twice."""
    if new.value in old.value:
        return old
    if old.value in new.value:
        return new
    value = f"{old.value}\n{new.value}"[:LONGEST]
    return Field(
        value=value,
        source=new.source,
        span=new.span,
        method=new.method,
        confidence=new.confidence,
        rule=new.rule,
        item=new.item,
    )


def merge_fields(
    so_far: Complaint | None, found: dict[str, list[Field]], text: str, asked: str | None
) -> tuple[Fields, Mapping[str, tuple[Field, ...]], frozenset[str]]:
    """(fields, others, names of fields that replaced another value)."""
    fields: dict[str, Field] = dict(so_far.fields) if so_far else {}
    others: dict[str, tuple[Field, ...]] = dict(so_far.others) if so_far else {}
    correcting = bool(CORRECTION.search(text))
    corrected = set()
    for name, values in found.items():
        old = fields.get(name)
        if name == "complainant_name" and old and asked != name and not correcting and _only_speaks(so_far, values[0]):
            others[name] = _distinct(old, (*others.get(name, ()), *values))
            continue
        fields[name], aside = merge_field(name, old, values[0], correcting=correcting or asked == name)
        if old and aside is old and old.method is not Method.SENDER:
            corrected.add(name)
        further = [*([aside] if aside else []), *values[1:]]
        others[name] = _distinct(fields[name], (*others.get(name, ()), *further))
    return MappingProxyType(fields), MappingProxyType({k: v for k, v in others.items() if v}), frozenset(corrected)


def _only_speaks(so_far: Complaint | None, new: Field) -> bool:
    """我叫贺小山, said by the son who complains for his father: his name does not replace the father's."""
    return so_far is not None and so_far.value("party_role") == "agent" and new.rule.startswith("name.self")


def _distinct(chosen: Field, further: tuple[Field, ...]) -> tuple[Field, ...]:
    seen = {chosen.value}
    kept = []
    for one in further:
        if one.value not in seen:
            seen.add(one.value)
            kept.append(one)
    return tuple(kept)


def merge_list(before: tuple[Field, ...], new: list[Field]) -> tuple[Field, ...]:
    """Amounts, dates and flags: what is new follows what was known; what was said before is not listed again."""
    known = {one.value for one in before}
    return (*before, *(one for one in new if one.value not in known))
