"""One's own page: where one is signed in, one's password, one's second factor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aiohttp import web

from gateway.console.doorway import Doorway
from gateway.console.kit import Page, back
from gateway.staff.actor import COOKIE, Right, actor_of
from gateway.staff.signin import totp
from gateway.staff.signin.passwords import SHORTEST, WeakPassword

SESSION = re.compile(r"[\w-]{1,64}", re.ASCII)
DRAFT = "draft"  # purpose of the sealed secret that is being set up


class Me(Doorway):
    """For everybody who is signed in."""

    def pages(self) -> Sequence[Page]:
        forms = {
            "/me/password": self.change_password,
            "/me/totp": self.set_totp,
            "/me/totp/remove": self.drop_totp,
            "/me/sessions/others": self.end_others,
            "/me/sessions/{session}": self.end_session,
        }
        posted = [Page(method="POST", path=path, right=Right.ENTER, handler=each) for path, each in forms.items()]
        return (
            Page(method="GET", path="/me", right=Right.ENTER, handler=self.look),
            Page(method="GET", path="/me/totp", right=Right.ENTER, handler=self.offer_totp),
            *posted,
        )

    async def look(self, request: web.Request) -> web.Response:
        return await self._looked(request, "")

    async def change_password(self, request: web.Request) -> web.Response:
        form = await self._form(request)
        if not await self._is_mine(request, form):
            return await self._looked(request, "wrong")
        if form.get("password") != form.get("repeated"):
            return await self._looked(request, "differ")
        try:
            await self.desk.own.change_password(actor_of(request), form.get("password", ""), await self._id(request))
        except WeakPassword:
            return await self._looked(request, "weak")
        raise back("/me", "password")

    async def offer_totp(self, request: web.Request) -> web.Response:
        secret = totp.new_secret()
        return self._offered(request, secret, "")

    async def set_totp(self, request: web.Request) -> web.Response:
        form, actor = await self._form(request), actor_of(request)
        draft = self.desk.tokens.open(DRAFT, form.get("draft", ""))
        if draft is None or draft["login"] != actor.login:
            raise back("/me/totp")
        if not await self._is_mine(request, form):
            return self._offered(request, draft["secret"], "wrong")
        if not await self.desk.own.set_totp(actor, draft["secret"], form.get("code", ""), self.address(request)):
            return self._offered(request, draft["secret"], "code")
        raise back("/me", "totp_set")

    async def drop_totp(self, request: web.Request) -> web.Response:
        if self.desk.rules.totp == "required" or not await self._is_mine(request, await self._form(request)):
            return await self._looked(request, "wrong")
        await self.desk.own.drop_totp(actor_of(request))
        raise back("/me", "totp_gone")

    async def end_session(self, request: web.Request) -> web.Response:
        session = request.match_info["session"]
        if SESSION.fullmatch(session):
            await self.desk.own.end_session(actor_of(request), session)
        raise back("/me", "ended")

    async def end_others(self, request: web.Request) -> web.Response:
        await self.desk.own.end_others(actor_of(request), await self._id(request))
        raise back("/me", "ended")

    async def _looked(self, request: web.Request, told: str) -> web.Response:
        person, sessions, current = await self.desk.own.look(actor_of(request), request.cookies[COOKIE])
        return self.kit.render(
            request,
            "door/me.html",
            status=422 if told else 200,
            person=person,
            sessions=self.desk.sessions.lasting(sessions),
            current=current,
            demand=self.desk.rules.totp,
            shortest=SHORTEST,
            told=told,
        )

    def _offered(self, request: web.Request, secret: str, told: str) -> web.Response:
        login = actor_of(request).login
        return self.kit.render(
            request,
            "door/totp.html",
            status=422 if told else 200,
            told=told,
            draft=self.desk.tokens.seal(DRAFT, {"login": login, "secret": secret}),
            secret=totp.in_groups(secret),
            picture=totp.picture(secret, login, self.house.settings.org_name),
        )

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        return {name: str(value) for name, value in (await request.post()).items()}

    async def _is_mine(self, request: web.Request, form: Mapping[str, str]) -> bool:
        return await self.desk.own.is_mine(actor_of(request), form.get("mine", ""), self.address(request))

    async def _id(self, request: web.Request) -> str:
        return (await self.desk.own.look(actor_of(request), request.cookies[COOKIE]))[2]
