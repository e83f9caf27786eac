"""Possible duplicates, side by side: one complaint, two that belong together, or nothing to do with one another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.linking import accept, accept_merging, refuse
from gateway.casework.acts.refusals import NoSuchLink, Refused
from gateway.casework.move import NoSuchComplaint
from gateway.console.doubts.cards import Card, card_of
from gateway.console.doubts.queue import NOTE_CHARS
from gateway.console.kit import Page, Room, back, language_of
from gateway.console.wording import Wording
from gateway.house import House
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.known_pages import known_page
from gateway.staff.scope import sees
from store.desk import Link
from store.values import Case, ComplaintId

HERE = "/doubts/duplicates"
ON_A_PAGE = 15
Decide = Callable[[House, int, str, Actor], Awaitable[Link]]

# What a person makes of it. The customer of a merged complaint is told, once, on their channel.
DECISIONS: Mapping[str, Decide] = {
    "merge": lambda house, id, reason, actor: accept_merging(house, id, reason=reason, tell=True, actor=actor),
    "related": lambda house, id, reason, actor: accept(house, id, reason=reason, actor=actor),
    "no": lambda house, id, reason, actor: refuse(house, id, reason=reason, actor=actor),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Couple:
    link: Link
    why: Sequence[str]  # in words
    one: Card
    two: Card


class Duplicates(Room):
    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path=HERE, right=Right.MEND, handler=self.listed),
            Page(method="POST", path=f"{HERE}/{{link}}", right=Right.WORK, handler=self.decide),
        )

    async def listed(self, request: web.Request) -> web.Response:
        before, seen = _id(request.query.get("before", "")), dict[ComplaintId, Case]()

        async def known(links: Sequence[Link]) -> Sequence[Link]:
            cases = await unit.complaints.several(id for link in links for id in (link.complaint_id, link.other_id))
            seen.update((id, case) for id, case in cases.items() if sees(actor_of(request), case))
            return [link for link in links if link.complaint_id in seen and link.other_id in seen]

        async with self.house.store.reading() as unit:
            links, after = await known_page(unit.links.suggested, known, lambda link: link.id, before, ON_A_PAGE)
        couples = [_couple(language_of(request), link, seen) for link in links]
        return self.kit.render(request, "doubts/duplicates.html", queue="duplicates", couples=couples, after=after)

    async def decide(self, request: web.Request) -> web.Response:
        form = await request.post()
        id, choice = _id(request.match_info["link"]), str(form.get("choice", ""))
        reason = str(form.get("note", "")).strip()[:NOTE_CHARS]
        if id is None:
            return self.kit.refuse(request, 404, "not_found")
        if not reason or choice not in DECISIONS:
            raise back(HERE, "note_needed")
        try:
            await DECISIONS[choice](self.house, id, reason, actor_of(request))
        except (NoSuchLink, NoSuchComplaint):
            raise back(HERE, "already") from None
        except Refused:
            raise back(HERE, "not_possible") from None
        raise back(HERE, choice)


def _couple(words: Wording, link: Link, cases: Mapping[ComplaintId, Case]) -> Couple:
    """The earlier one first: the later one goes into it."""
    one, two = sorted((cases[link.complaint_id], cases[link.other_id]), key=lambda case: case.received_at)
    why = [words.code("doubts", f"why_{code}") for code in link.facts.get("why", ())]
    return Couple(link=link, why=why, one=card_of(words, one), two=card_of(words, two))


def _id(written: str) -> int | None:
    is_one = written.isascii() and written.isdigit() and len(written) < 19
    return int(written) if is_one and int(written) > 0 else None
