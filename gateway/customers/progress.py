"""``/progress``, to which our short messages link: state and date of a complaint, for who can prove it is theirs."""

from __future__ import annotations

import html
from importlib.resources import files
from string import Template

from aiohttp import web

from gateway.house import House
from gateway.intake.phrases import Phrases, phrases
from gateway.intake.progress import label
from gateway.intake.proof import proven_case, take_back_the_try, too_many_tries
from normalizer.number import parse_number

MOST_CHARACTERS = 40  # of a field; longer ones are no number and no proof
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
WORDS = ("title", "number", "proof", "send", "note")
FOLDER = files(__package__)
LANGUAGES = {"zh": "zh-Hans", "en": "en"}


class ProgressPage:
    """A form with two fields, and one line of answer."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._page = Template((FOLDER / "progress.html").read_text("utf-8"))
        self._style = (FOLDER / "progress.css").read_text("utf-8")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/progress", self.show),
            web.post("/progress", self.answer),
            web.get("/progress.css", self.style),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The empty form; a link may carry the number, never the proof."""
        return self._render(request, request.query.get("number", "")[:MOST_CHARACTERS], "")

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        number, proof = (str(form.get(name, ""))[:MOST_CHARACTERS].strip() for name in ("number", "proof"))
        return self._render(request, number, await self._look_up(request, number, proof))

    async def style(self, _: web.Request) -> web.Response:
        return web.Response(text=self._style, content_type="text/css", headers=HEADERS)

    async def _look_up(self, request: web.Request, number: str, proof: str) -> str:
        words = _words(request)
        known = parse_number(number) or number.upper()
        allowed = self._house.settings.proof_tries
        async with self._house.store.unit() as unit:
            now = self._house.clock.now()
            tries = [f"number:{known}"]
            locked = await too_many_tries(unit, tries, allowed, now)
            case = None if locked else await proven_case(unit, known, proof[-4:])
            if case is not None:
                await take_back_the_try(unit, tries, now)
            await unit.commit()
        if locked:
            return words.get("page", "locked")
        return label(words, case) if case is not None else words.say("proof_failed")

    def _render(self, request: web.Request, number: str, answer: str) -> web.Response:
        words = _words(request)
        values = {key: words.get("page", key) for key in WORDS}
        values |= {"org": self._house.settings.org_name, "value": number, "answer": answer, "language": words.language}
        text = self._page.substitute({key: html.escape(value) for key, value in values.items()})
        return web.Response(text=text, content_type="text/html", headers=HEADERS)


def _words(request: web.Request) -> Phrases:
    """The customer's own language where the browser tells one that we speak."""
    wanted = request.headers.get("Accept-Language", "").lower()
    return phrases("zh-Hant" if wanted.startswith(("zh-tw", "zh-hk")) else LANGUAGES.get(wanted[:2], "zh-Hans"))
