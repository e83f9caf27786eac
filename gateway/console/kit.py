"""What every page of the console is made of: its route and right, the guard in front of it, and how it is rendered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable
from urllib.parse import quote, urlencode

import jinja2
from aiohttp import web

from gateway.console.wording import LANGUAGES, Wording, wording
from gateway.house import House
from gateway.staff.actor import COOKIE, CSRF_FIELD, CSRF_HEADER, KEY, Actor, Right
from gateway.staff.auth import HARMLESS, Sessions, is_own_token
from gateway.staff.forms import posted
from gateway.staff.problems import Handler
from gateway.staff.signin.web import home_of
from normalizer.record import SHANGHAI

PREFIX = "/console"
SIGN_IN = f"{PREFIX}/sign-in"
TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "tousu_language"
WORTH_KEEPING = 4  # characters: shorter ones are codes and ids of the form
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'",
    "frame-src 'self'; object-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'self'",
    "frame-ancestors 'self'",
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One route of the console. ``path`` is relative to /console; ``right`` None: open to whoever is not signed in."""

    method: str
    path: str
    right: Right | None
    handler: Handler


class Kit:
    """Rendering and guarding, handed to every room of the console."""

    def __init__(self, house: House, sessions: Sessions) -> None:
        self.house = house
        self.sessions = sessions
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["day"] = lambda moment: moment.astimezone(SHANGHAI).strftime("%Y-%m-%d")
        self._templates.filters["moment"] = lambda moment: moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

    def render(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """A page, or a part of one for htmx. They also know t (words), actor, csrf, path, now, org, may, said."""
        words = language_of(request)
        actor: Actor | None = request.get(KEY)
        text = self._templates.get_template(template).render(
            t=words,
            actor=actor,
            csrf=actor.csrf if actor else "",
            path=request.path,
            now=self.house.clock.now(),
            home=home_of(actor) if actor else PREFIX,
            org=self.house.settings.org_name,
            may=lambda right: actor is not None and actor.may(Right(right)),
            said=request.query.get("said", ""),
            **values,
        )
        return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)

    def refuse(self, request: web.Request, status: int, why: str) -> web.Response:
        """A page that says what went wrong: ``why`` is a key of [refused] in words/common.toml."""
        return self.render(request, "refused.html", status=status, why=why)

    async def _give_back(self, request: web.Request) -> web.Response:
        """The session ended while somebody was writing: their words are not lost with it."""
        form = await posted(request)
        words = [str(value) for name, value in form.items() if name != CSRF_FIELD and len(str(value)) >= WORTH_KEEPING]
        return self.render(request, "over.html", status=401, words=words, door=SIGN_IN)

    def guarded(self, page: Page) -> Handler:
        """The page, for whoever has its right; others sign in, or are told."""
        right = page.right
        if right is None:
            return page.handler

        async def handle(request: web.Request) -> web.StreamResponse:
            actor = await self.sessions.actor(request.cookies.get(COOKIE, ""))
            if actor is None:
                return away(request) if _leaves_nothing(request) else await self._give_back(request)
            request[KEY] = actor
            if not actor.may(right):
                return self.refuse(request, 403, "not_yours")
            if request.method not in HARMLESS and not is_own_token(actor, await _token(request)):
                return self.refuse(request, 403, "forged")
            return await page.handler(request)

        return handle


def language_of(request: web.Request) -> Wording:
    """Chinese, unless somebody chose English."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return wording(chosen if chosen in LANGUAGES else LANGUAGES[0])


def back(path: str, said: str = "", **query: str) -> web.HTTPSeeOther:
    """After a form: to a page of the console, which says ``said`` (a key of [said] in its room's words)."""
    given = urlencode({**query, **({"said": said} if said else {})})
    return web.HTTPSeeOther(f"{PREFIX}{path}{'?' + given if given else ''}", headers=dict(HEADERS))


def away(request: web.Request) -> web.Response:
    """To the door, and back here afterwards; a part that htmx asked for takes the whole page there."""
    target = f"{SIGN_IN}?next={quote(request.path_qs)}" if request.method in HARMLESS else SIGN_IN
    if "HX-Request" in request.headers:
        return web.Response(status=401, headers={**HEADERS, "HX-Redirect": target})
    return web.Response(status=303, headers={**HEADERS, "Location": target})


def _leaves_nothing(request: web.Request) -> bool:
    return (
        request.method in HARMLESS or "HX-Request" in request.headers or request.content_type == "multipart/form-data"
    )


async def _token(request: web.Request) -> str:
    """The session's token: in a header from our scripts, in a field from a form."""
    if CSRF_HEADER in request.headers:
        return request.headers[CSRF_HEADER]
    if request.content_type == "multipart/form-data":
        return ""  # read by its handler, which shows the token in the header: a body is read once
    form = await posted(request)
    return str(form.get(CSRF_FIELD, ""))


class Room(ABC):
    """Some pages that belong together. A room is given the kit, and says which pages it has."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.house = kit.house

    @abstractmethod
    def pages(self) -> Sequence[Page]: ...


@runtime_checkable
class Lasting(Protocol):
    """A room that keeps lines open, and closes them when the service ends."""

    async def stop(self, app: web.Application) -> None: ...
