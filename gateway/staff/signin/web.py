"""What signing in reads of a request and leaves in a browser: cookies, the address, the page to go to next."""

from __future__ import annotations

import hmac
import secrets
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from aiohttp import web

from gateway.house import House
from gateway.staff.actor import COOKIE, CSRF_FIELD, Actor, Right
from gateway.staff.forms import posted
from gateway.staff.signin.rules import Network
from store.crypto import Keyring

DOOR = "tousu_door"  # of whoever stands before the door: ties its forms to this browser
CONSOLE = "/console"
SESSION_PATH = "/"
HIDDEN_CHARS = frozenset(map(chr, range(33))) | {"\\", "\x7f"}
HOMES = (
    (Right.SEE, CONSOLE),
    (Right.ADMIN, f"{CONSOLE}/admin"),
    (Right.POST, f"{CONSOLE}/letters"),
    (Right.REGISTER, f"{CONSOLE}/counter"),
)


def csrf_of(keys: Keyring, cookie: str) -> str:
    """The token that forms of this cookie's holder bear: who cannot read the cookie cannot make it."""
    return keys.index("csrf", cookie)


def set_cookie(response: web.StreamResponse, house: House, name: str, value: str) -> None:
    """For our pages alone: no script reads it, no other site's form sends it, and it ends with the browser."""
    secure = house.settings.public_url.lower().startswith("https://")
    response.set_cookie(name, value, path=SESSION_PATH, httponly=True, samesite="Lax", secure=secure)


def drop_cookies(response: web.StreamResponse, *names: str) -> None:
    for name in names:
        response.del_cookie(name, path=SESSION_PATH)


def door_of(request: web.Request) -> str:
    """The cookie of whoever stands before the door; a new one for a newcomer."""
    return request.cookies.get(DOOR, "") or secrets.token_urlsafe(32)


async def is_own_form(request: web.Request, keys: Keyring) -> bool:
    """Does this form come from a page that we gave to this browser, signed in or not?"""
    shown = str((await posted(request)).get(CSRF_FIELD, "")).encode()
    held = [request.cookies.get(name, "") for name in (DOOR, COOKIE)]
    return any(cookie and hmac.compare_digest(shown, csrf_of(keys, cookie).encode()) for cookie in held)


def local(target: str) -> str:
    """A page of the console to go on to; "" for anything that leads elsewhere."""
    if HIDDEN_CHARS & set(target) or target.startswith("//"):
        return ""
    parts = urlsplit(target)
    inside = parts.path == CONSOLE or parts.path.startswith(f"{CONSOLE}/")
    if ".." in unquote(parts.path).split("/"):
        return ""
    return target if inside and not parts.scheme and not parts.netloc else ""


def home_of(actor: Actor) -> str:
    """The first page of somebody's day: not all may see complaints."""
    return next((home for right, home in HOMES if actor.may(right)), f"{CONSOLE}/me")


def address_of(request: web.Request, proxies: tuple[Network, ...]) -> str:
    """Where the request comes from; behind a proxy of ours, whom it names last that is no proxy of ours."""
    told = request.headers.get("X-Forwarded-For", "").split(",") if proxies else []
    hops = [*(hop.strip() for hop in told if hop.strip()), request.remote or ""]
    while len(hops) > 1 and _within(hops[-1], proxies):
        hops.pop()
    return hops[-1][:64]


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
