"""Number and last four: a few tries a day, and the same answer for a wrong number and a wrong proof.

No limit stops who guesses once from each of many addresses; it makes them need many.
"""

from __future__ import annotations

from aiohttp import web

from gateway.customers.guessing import is_guessed_at, note_wrong
from gateway.customers.limits import Limits, forgive_proof, proofs_of
from gateway.customers.links import holds
from gateway.customers.seals import mark
from gateway.customers.visits import Session, new_visit
from gateway.house import House
from gateway.intake.proof import proven_case, take_back_the_try, too_many_tries
from normalizer.number import parse_number

MOST_CHARACTERS = 40  # of a field; longer ones are no number and no proof


class Locked(Exception):
    """Tried too often today."""


async def prove(
    house: House, limits: Limits, request: web.Request, *, number: str, proof: str, link: str
) -> Session | None:
    """A session for the owner; None when number and proof do not belong together. Raises Locked."""
    known = parse_number(number[:MOST_CHARACTERS]) or number[:MOST_CHARACTERS].strip().upper()
    linked = holds(house, known, link)
    if await _must_wait(house, limits, request, linked=linked):
        raise Locked
    tries = [f"link:{mark(house, 'tries', link)}" if linked else f"number:{known}"]
    async with house.store.unit() as unit:
        now = house.clock.now()
        locked = await too_many_tries(unit, tries, house.settings.proof_tries, now)
        case = None if locked else await proven_case(unit, known, proof[:MOST_CHARACTERS].strip()[-4:])
        if case is not None:
            await take_back_the_try(unit, tries, now)
        await unit.commit()
    if case is None:
        await note_wrong(house, limits)
    else:
        await forgive_proof(house, request)
    if locked:
        raise Locked
    return Session(number=case.number, id=new_visit(), language=case.record.language) if case is not None else None


async def _must_wait(house: House, limits: Limits, request: web.Request, *, linked: bool) -> bool:
    """Who has a link of ours was told the number by us, so they are no guesser's crowd."""
    tried = await proofs_of(house, request)
    return tried > limits.proofs or (tried > 1 and not linked and await is_guessed_at(house, limits))
