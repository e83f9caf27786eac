"""Every answer of every surface keeps itself to itself, and no other site's page acts for somebody of ours."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import web

from gateway.every_answer import HTTPS_ONLY, LEAST
from gateway.staff.actor import CSRF_HEADER, Role
from tests.privacy.house import Stage, open_house

PARTS = {"number": "TS261123000019", "name": "none.css", "endpoint": "ep" + "0" * 16}
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED_BY_PROVIDERS = ("/in/",)  # no browser bears anything there that a page of another site could use
FOR_APPS = ("/api/public/",)  # a session is shown in a header, which no page of another site can set
BEFORE_THE_DOOR = ("/console/sign-in", "/console/language")  # asked of a browser, not of somebody signed in


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Stage]:
    async with open_house(tmp_path, sqlite_template, public_url="https://tousu.example.cn") as opened:
        yield opened


def routes(app: web.Application) -> Iterator[tuple[str, str]]:
    """Method and an address of each route, those of parts of the house too."""
    for part in (app, *app._subapps):
        for route in part.router.routes():
            if route.resource is not None and route.method != "*":
                yield (
                    route.method,
                    re.sub(r"{(\w+)[^}]*}", lambda found: PARTS.get(found[1], "1"), route.resource.canonical),
                )


def addresses(stage: Stage) -> list[tuple[str, str]]:
    nowhere = [
        ("GET", place) for place in ("/none", "/in/none", "/api/v1/none", "/console/none", "/customers/none.css")
    ]
    wrong = [("PATCH", place) for place in ("/complain", "/healthz", "/in/wechat", "/api/v1/complaints", "/console/me")]
    lasting = re.compile(r"/console/.*(live|events)")  # lines that stay open have a test of their own
    known = sorted(set(routes(stage.gateway.app)))
    return [each for each in (*known, *nowhere, *wrong) if not lasting.search(each[1])]


async def test_every_answer_bears_what_keeps_it_to_itself(stage: Stage) -> None:
    lacking = []
    for headers in ({}, await stage.signed_in(Role.SUPERVISOR)):
        for method, path in addresses(stage):
            if "sign-out" in path:
                continue
            async with stage.session.request(
                method, stage.url + path, headers=headers, allow_redirects=False
            ) as answer:
                lacking += [f"{method} {path}: {name}" for name in LEAST if name not in answer.headers]
                lacking += [f"{method} {path}: {each}" for each in _wrong(answer.headers.getall("Set-Cookie", []))]
                if answer.headers.get("Strict-Transport-Security") != HTTPS_ONLY:
                    lacking.append(f"{method} {path}: plain http")
                if answer.headers.get("Server") != "tousu":
                    lacking.append(f"{method} {path}: tells what serves it")
                policy = answer.headers.get("Content-Security-Policy", "")
                if "default-src 'none'" not in policy or "unsafe" in policy or "frame-ancestors" not in policy:
                    lacking.append(f"{method} {path}: {policy}")
    assert lacking == []


async def test_no_form_of_another_site_acts_for_somebody_of_ours(stage: Stage) -> None:
    acted = []
    headers = await stage.signed_in(Role.SUPERVISOR)
    del headers[CSRF_HEADER]
    for method, path in addresses(stage):
        if method in HARMLESS or path.startswith((*SIGNED_BY_PROVIDERS, *FOR_APPS, *BEFORE_THE_DOOR)):
            continue
        form = {"csrf": "0" * 64, "matter": "投诉", "login": "x"}
        request = stage.session.request(method, stage.url + path, headers=headers, data=form, allow_redirects=False)
        async with request as answer:
            kept_out = answer.status in (403, 404, 405) or answer.headers.get("Location") == "/progress?in"
            if not kept_out and path not in ("/progress/leave",):  # which forgets, and shows nothing
                acted.append(f"{method} {path}: {answer.status}")
    assert acted == []


async def test_the_service_token_is_no_cookie(stage: Stage) -> None:
    """What a browser would send by itself opens nothing."""
    cookie = {"Cookie": "Authorization=Bearer dienst-token-des-hauses-4711"}
    async with stage.session.get(f"{stage.url}/api/v1/complaints", headers=cookie) as answer:
        assert answer.status == 401


def _wrong(cookies: list[str]) -> Iterator[str]:
    """Cookies that others could read or send; one that is taken back holds nothing."""
    for each in cookies:
        for name, morsel in SimpleCookie(each).items():
            given = morsel["secure"] and morsel["httponly"] and morsel["samesite"] in ("Lax", "Strict")
            if morsel.value and not given:
                yield f"cookie {name}"
