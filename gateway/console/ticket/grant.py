"""A reason given once lets its giver see one complaint plainly for ten minutes, on this device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from gateway.console.kit import PREFIX
from gateway.house import House
from gateway.seals import END
from gateway.staff.actor import actor_of
from gateway.staff.signin.tokens import GOOD_FOR, Tokens

COOKIE = "tousu_reveal"
PURPOSE = "reveal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Grants:
    """Grants are kept by the browser, sealed; each is bound to a session and a complaint."""

    house: House

    def give(self, request: web.Request, response: web.Response, number: str, reason: str) -> None:
        """Put a grant into the answer; what is seen by it is audited each time with this reason."""
        facts = {"number": number, "csrf": actor_of(request).csrf, "reason": reason}
        response.set_cookie(
            COOKIE,
            self._tokens.seal(PURPOSE, facts),
            path=_path(number),
            max_age=int(GOOD_FOR.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=self.house.settings.public_url.startswith("https:"),
        )

    def take(self, response: web.Response, number: str) -> None:
        response.del_cookie(COOKIE, path=_path(number))

    def of(self, request: web.Request, number: str) -> Grant | None:
        """The grant that this request shows, if it is for this session and this complaint and not over."""
        facts = self._tokens.open(PURPOSE, request.cookies.get(COOKIE, ""))
        if facts is None or (facts["number"], facts["csrf"]) != (number, actor_of(request).csrf):
            return None
        return Grant(reason=facts["reason"], until=datetime.fromtimestamp(facts[END], UTC))

    @property
    def _tokens(self) -> Tokens:
        return Tokens(self.house.store.keyring, self.house.clock)


def _path(number: str) -> str:
    return f"{PREFIX}/complaints/{number}"
