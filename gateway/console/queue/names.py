"""How people and branches are called, and to whom somebody may give complaints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.staff.actor import Actor, Right, rights_of
from store.desk import Branch, Person
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """How people and branches are called."""

    people: Mapping[int, Person]
    branches: Mapping[str, Branch]

    def person(self, id: int | None) -> str:
        found = self.people.get(id) if id is not None else None
        return found.name if found is not None else (f"#{id}" if id is not None else "")

    def branch(self, code: str) -> str:
        return self.branches[code].name if code in self.branches else code


async def names_of(unit: Unit) -> Names:
    people, branches = await unit.people.all(), await unit.branches.all()
    return Names(people={each.id: each for each in people}, branches={each.code: each for each in branches})


def colleagues_of(actor: Actor, names: Names) -> list[tuple[int, str]]:
    """To whom this person may give complaints: themselves, or all who may work."""
    able = [each for each in names.people.values() if each.active and Right.WORK in rights_of(each.roles)]
    if not actor.may(Right.ASSIGN):
        able = [each for each in able if each.id == actor.person_id]
    return sorted(((each.id, each.name) for each in able), key=lambda each: (each[0] != actor.person_id, each[1]))
