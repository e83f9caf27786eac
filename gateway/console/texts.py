"""Texts of the house: what staff choose from, and the wording that customers get by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from gateway.casework.texts import LANGUAGES, PLACEHOLDERS, USES, BadText, keep, retire
from gateway.console.kit import Page, Room, back
from gateway.intake.phrases import phrases
from gateway.medium import Medium
from gateway.staff.actor import Right, actor_of
from store.desk import Text

HOME = "/admin/texts"
ONE = HOME + r"/{id:[1-9]\d{0,11}}"
NEW = Text(name="", language=LANGUAGES[0], use=USES[0], text="")


class TextsRoom(Room):
    def pages(self) -> Sequence[Page]:
        admin = Right.ADMIN
        return (
            Page(method="GET", path=HOME, right=admin, handler=self.list),
            Page(method="POST", path=HOME, right=admin, handler=self.keep),
            Page(method="GET", path=f"{HOME}/new", right=admin, handler=self.new),
            Page(method="GET", path=f"{HOME}/wording", right=admin, handler=self.wording),
            Page(method="GET", path=ONE, right=admin, handler=self.edit),
            Page(method="POST", path=ONE, right=admin, handler=self.keep),
            Page(method="POST", path=f"{ONE}/retire", right=admin, handler=self.retire),
            Page(method="POST", path=f"{ONE}/revive", right=admin, handler=self.revive),
        )

    async def list(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            texts = await unit.texts.all()
        return self.kit.render(request, "texts/texts.html", texts=texts, uses=USES)

    async def new(self, request: web.Request) -> web.Response:
        return self._form(request, NEW)

    async def edit(self, request: web.Request) -> web.Response:
        async with self.house.store.reading() as unit:
            text = await unit.texts.get(_id(request))
        return self._form(request, text) if text else self.kit.refuse(request, 404, "not_found")

    async def keep(self, request: web.Request) -> web.Response:
        """A text that cannot be kept comes back as it was written, with what is wrong."""
        form = await request.post()
        name, language, use, words = (str(form.get(part, "")) for part in ("name", "language", "use", "text"))
        text = Text(id=_id(request), name=name, language=language, use=use, text=words)
        try:
            await keep(self.house, text, by=actor_of(request).login)
        except BadText as bad:
            return self._form(request, text, wrong=bad.why)
        raise back(HOME, "saved")

    async def retire(self, request: web.Request) -> web.Response:
        return await self._offer(request, retired=True)

    async def revive(self, request: web.Request) -> web.Response:
        return await self._offer(request, retired=False)

    async def wording(self, request: web.Request) -> web.Response:
        """Every word that customers get by themselves, as it is in force."""
        language = _chosen(request.query, "language", LANGUAGES)
        medium = _chosen(request.query, "medium", [medium.value for medium in Medium])
        return self.kit.render(
            request,
            "texts/wording.html",
            sections=phrases(language, Medium(medium)).sections(),
            language=language,
            medium=medium,
            languages=LANGUAGES,
            mediums=[medium.value for medium in Medium],
        )

    async def _offer(self, request: web.Request, *, retired: bool) -> web.Response:
        try:
            await retire(self.house, _id(request), by=actor_of(request).login, retired=retired)
        except BadText:
            return self.kit.refuse(request, 404, "not_found")
        raise back(HOME, "retired" if retired else "revived")

    def _form(self, request: web.Request, text: Text, wrong: str = "") -> web.Response:
        return self.kit.render(
            request,
            "texts/text.html",
            status=422 if wrong else 200,
            text=text,
            wrong=wrong,
            uses=USES,
            languages=LANGUAGES,
            placeholders=PLACEHOLDERS,
        )


def _id(request: web.Request) -> int:
    """The id in the path; 0 for a new one."""
    return int(request.match_info.get("id", "0"))


def _chosen(query: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    given = query.get(name, "")
    return given if given in choices else choices[0]
