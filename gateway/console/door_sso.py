"""The door for single sign-on: away to the insurer's provider, and back with its answer."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from aiohttp import web

from gateway.console.doorway import SSO, Doorway
from gateway.console.kit import HEADERS, PREFIX, Page, back
from gateway.staff.signin.oidc import Away, Untrusted
from gateway.staff.signin.sso import SingleSignOn
from gateway.staff.signin.web import drop_cookies, local, set_cookie

log = structlog.get_logger(__name__)

BEGIN, CALLBACK = "/sign-in/sso", "/sign-in/sso/callback"


class SsoDoor(Doorway):
    """Has pages only where a provider is configured."""

    def pages(self) -> Sequence[Page]:
        if self.desk.sso is None:
            return ()
        return (
            Page(method="GET", path=BEGIN, right=None, handler=self.begin),
            Page(method="GET", path=CALLBACK, right=None, handler=self.callback),
        )

    async def begin(self, request: web.Request) -> web.Response:
        try:
            address, kept = await self._sso.begin(self._redirect(request), local(request.query.get("next", "")))
        except Away as away:
            log.warning("single_sign_on_away", why=str(away))
            raise back("/sign-in", sso="1") from None
        there = web.HTTPSeeOther(address, headers=dict(HEADERS))
        set_cookie(there, self.house, SSO, kept)
        raise there

    async def callback(self, request: web.Request) -> web.Response:
        """The provider's answer counts once: what we kept for it goes, whatever becomes of it."""
        kept = request.cookies.get(SSO, "")
        try:
            found = await self._sso.finish(kept, request.query, self._redirect(request), self.visitor(request))
        except (Away, Untrusted) as error:
            log.warning("single_sign_on_failed", kind=type(error).__name__, why=str(error))
            found = None
        if found is None:
            refused = back("/sign-in", sso="1")
            drop_cookies(refused, SSO)
            raise refused
        raise await self.let_in(*found)

    @property
    def _sso(self) -> SingleSignOn:
        assert self.desk.sso is not None, "without a provider there are no pages here"
        return self.desk.sso

    def _redirect(self, request: web.Request) -> str:
        base = self.house.settings.public_url.rstrip("/") or str(request.url.origin())
        return f"{base}{PREFIX}{CALLBACK}"
