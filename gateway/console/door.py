"""The door: sign-in, second factor, a password of one's own, sign-out, and the language of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiohttp import web

from gateway.console.doorway import PENDING, Doorway
from gateway.console.kit import HEADERS, LANGUAGE_COOKIE, Page, back, language_of
from gateway.console.wording import LANGUAGES
from gateway.every_answer import is_behind_https
from gateway.staff.actor import COOKIE, Right, actor_of
from gateway.staff.signin import totp
from gateway.staff.signin.entrance import Newcomer
from gateway.staff.signin.first import first_steps
from gateway.staff.signin.passwords import SHORTEST, WeakPassword
from gateway.staff.signin.pending import Pending, Step, opened
from gateway.staff.signin.web import DOOR, drop_cookies, home_of, local, set_cookie

MORE = "/sign-in/more"
TOLD = {Step.CODE: "code", Step.SET_UP: "code", Step.PASSWORD: "weak"}
YEAR = 365 * 24 * 3600


class Door(Doorway):
    """Open to everybody, until they are in."""

    def pages(self) -> Sequence[Page]:
        return (
            Page(method="GET", path="/sign-in", right=None, handler=self.ask),
            Page(method="POST", path="/sign-in", right=None, handler=self.sign_in),
            Page(method="GET", path=MORE, right=None, handler=self.ask_more),
            Page(method="POST", path=MORE, right=None, handler=self.more),
            Page(method="POST", path="/sign-out", right=Right.ENTER, handler=self.sign_out),
            Page(method="POST", path="/language", right=None, handler=self.language),
        )

    async def ask(self, request: web.Request) -> web.Response:
        actor = await self.desk.sessions.actor(request.cookies.get(COOKIE, ""))
        if actor is not None:
            raise web.HTTPSeeOther(local(request.query.get("next", "")) or home_of(actor), headers=dict(HEADERS))
        told = "sso" if "sso" in request.query else "again" if "again" in request.query else ""
        return await self._asked(request, local(request.query.get("next", "")), told)

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await self.form(request)
        if form is None:
            return await self._asked(request, "", "again", status=403)
        target = local(form.get("next", ""))
        login, password = form.get("login", ""), form.get("password", "")
        pending = await self.desk.entrance.by_password(login, password, self.visitor(request))
        if pending is None:
            return await self._asked(request, target, "wrong", status=401)
        raise await self._onward(request, replace(pending, next=target))

    async def ask_more(self, request: web.Request) -> web.Response:
        newcomer = await self._newcomer(request)
        if newcomer is None:
            raise back("/sign-in", again="1")
        return self._asked_more(request, newcomer, "")

    async def more(self, request: web.Request) -> web.Response:
        form, newcomer = await self.form(request), await self._newcomer(request)
        if form is None or newcomer is None:
            raise back("/sign-in", again="1")
        try:
            pending = await self._done(request, newcomer, form)
        except WeakPassword:
            pending = None
        if pending is None:
            return self._asked_more(request, newcomer, TOLD.get(newcomer.step, "again"))
        raise await self._onward(request, pending)

    async def sign_out(self, request: web.Request) -> web.Response:
        await self.desk.own.sign_out(actor_of(request), request.cookies[COOKIE])
        away = back("/sign-in")
        drop_cookies(away, COOKIE, DOOR, PENDING)
        raise away

    async def language(self, request: web.Request) -> web.Response:
        """The other one."""
        form = await self.form(request)
        if form is None:
            return self.kit.refuse(request, 403, "forged")
        other = LANGUAGES[1 - LANGUAGES.index(language_of(request).language)]
        there = web.HTTPSeeOther(local(form.get("next", "")) or "/console", headers=dict(HEADERS))
        secure = is_behind_https(self.house.settings)
        there.set_cookie(LANGUAGE_COOKIE, other, path="/", max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
        raise there

    async def _asked(self, request: web.Request, target: str, told: str, *, status: int = 200) -> web.Response:
        return self.show(
            request,
            "door/sign_in.html",
            status=status,
            next=target,
            told=told,
            sso=self.desk.sso is not None,
            nobody=await first_steps(self.house) is not None,
            minutes=int(self.desk.rules.window.total_seconds() // 60),
        )

    async def _newcomer(self, request: web.Request) -> Newcomer | None:
        pending = opened(self.desk.tokens, request.cookies.get(PENDING, ""))
        newcomer = await self.desk.entrance.newcomer(pending) if pending else None
        return newcomer if newcomer is not None and newcomer.step is not Step.IN else None

    def _asked_more(self, request: web.Request, newcomer: Newcomer, told: str) -> web.Response:
        draft, login = newcomer.pending.draft, newcomer.person.login
        return self.show(
            request,
            f"door/{newcomer.step}.html",
            status=401 if told else 200,
            told=told,
            login=login,
            shortest=SHORTEST,
            secret=totp.in_groups(draft),
            picture=totp.picture(draft, login, self.house.settings.org_name) if draft else "",
        )

    async def _done(self, request: web.Request, newcomer: Newcomer, form: Mapping[str, str]) -> Pending | None:
        """What the form does about the step that is due."""
        entrance, pending, visitor = self.desk.entrance, newcomer.pending, self.visitor(request)
        if newcomer.step is Step.CODE:
            return await entrance.by_code(pending, form.get("code", ""), visitor)
        if newcomer.step is Step.SET_UP:
            return await entrance.set_up(pending, form.get("code", ""), visitor)
        if form.get("password", "") != form.get("repeated", ""):
            return None
        return await entrance.choose(pending, form.get("password", ""))

    async def _onward(self, request: web.Request, pending: Pending) -> web.HTTPSeeOther:
        """In, or to the page that asks for what is still missing."""
        newcomer = await self.desk.entrance.newcomer(pending)
        if newcomer is None:
            return back("/sign-in", again="1")
        if newcomer.step is Step.IN:
            cookie = await self.desk.entrance.enter(pending, self.visitor(request))
            return await self.let_in(cookie, pending.next) if cookie else back("/sign-in", again="1")
        drafted = replace(pending, draft=totp.new_secret()) if newcomer.step is Step.SET_UP else pending
        more = back(MORE)
        set_cookie(more, self.house, PENDING, drafted.sealed(self.desk.tokens))
        return more
