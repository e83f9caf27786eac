"""Everybody named in what was told, each with the part they play, over all messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from normalizer.extract.names import PIECED, Named
from normalizer.extract.people import RUNS_ON
from normalizer.record import PERSON, Complaint, Field
from normalizer.text import Reading

SPEAKS_FOR = "agent"  # who speaks and is not the one who complains
MOST = 40  # people; a list of a hundred insured employees is no list of parties


def parties(reading: Reading, named: list[Named], fields: Mapping[str, Field]) -> list[Field]:
    """The people of one message, in the order of its text; a name cut by guess is nobody's yet."""
    sure = [one for one in named if one.found.confidence >= 0.9 and one.sureness > RUNS_ON]
    whose = fields["complainant_name"].value if "complainant_name" in fields else ""
    found = []
    for one in sorted(sure, key=lambda each: (each.found.start, -each.sureness)):
        name = reading.field(one.found)
        value = _written(name)
        found.append(_in_role(name, value, _role(one.role, complains=value == whose)))
    return found


def _written(name: Field) -> str:
    """As its bearer writes it, without the spaces of a form; one said in pieces stands nowhere as a whole."""
    if name.rule == PIECED:
        return name.value
    return name.source if name.source.isascii() else "".join(name.source.split())


def merge_people(so_far: Complaint | None, new: Iterable[Field]) -> tuple[Field, ...]:
    """Nobody twice: of two parts told for one name the complainant's stands, else the later one."""
    people = {one.value: one for one in so_far.people} if so_far else {}
    for one in new:
        known = people.get(one.value)
        if known is None or known.role not in ("complainant", one.role):
            people[one.value] = one
    return tuple(people.values())[:MOST]


def _role(role: str, *, complains: bool) -> str:
    if complains:
        return "complainant"
    return SPEAKS_FOR if role == "self" else role


def _in_role(name: Field, value: str, role: str) -> Field:
    return Field(
        value=value,
        source=name.source,
        span=name.span,
        method=name.method,
        confidence=name.confidence,
        rule=f"{PERSON}{role}",
        item=name.item,
    )
