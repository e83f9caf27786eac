"""The first start, when nobody can sign in yet."""

from __future__ import annotations

from gateway.house import House

COMMAND = "python -m gateway people add LOGIN --name NAME --role admin"


async def first_steps(house: House) -> str | None:
    """What to tell whoever starts a gateway that has no people; None when it has."""
    async with house.store.reading() as unit:
        nobody = await unit.people.nobody()
    return f"nobody can sign in yet; add the first administrator: {COMMAND}" if nobody else None
