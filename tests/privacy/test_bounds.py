"""Every door has a frame: what is too large, too deep or too many is refused in words, and the next request is served.

The parsers behind the doors have tests of their own; docs/threats.md has the table.
"""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from gateway.staff.actor import Role
from tests.privacy.house import TOKEN, Stage, open_house

MB = 1024 * 1024
DEEP = 20_000
JSON = {"Content-Type": "application/json"}
SERVICE = {"Authorization": f"Bearer {TOKEN}", **JSON}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=x"}
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Stage]:
    async with open_house(tmp_path, sqlite_template) as opened:
        yield opened


def deep(name: str = "matter") -> bytes:
    return (f'{{"token": "12345678", "{name}": ' + "[" * DEEP + "]" * DEEP + "}").encode()


def parts(count: int) -> bytes:
    return (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(count)) + b"--x--"
    )


def fields(count: int) -> bytes:
    return urlencode([(f"a{n}", "1") for n in range(count)]).encode()


TOO_MUCH: Mapping[str, tuple[str, str, Mapping[str, str], bytes]] = {
    "WeChat: a large body": ("POST", "/in/wechat", {}, b"<xml>" + b"x" * 70_000),
    "WeChat: a deep body": ("POST", "/in/wechat", {}, b"<xml>" + b"<a>" * DEEP),
    "WeChat: entities": ("POST", "/in/wechat", {}, BOMB),
    "WeChat: deep JSON": ("POST", "/in/wechat", {}, b'{"a":' * DEEP),
    "phone: a large body": ("POST", "/in/phone/call", {**FORM, "X-Twilio-Signature": "x"}, b"a=" + b"x" * 70_000),
    "phone: many fields": ("POST", "/in/phone/call", {**FORM, "X-Twilio-Signature": "x"}, fields(501)),
    "phone: deep JSON": ("POST", "/in/phone/call?bodySHA256=x", {**JSON, "X-Twilio-Signature": "x"}, deep()),
    "page: many parts": ("POST", "/complain", PARTS, parts(101)),
    "page: many fields": ("POST", "/progress", FORM, fields(61)),
    "page: a long head of a part": ("POST", "/complain", PARTS, b"--x\r\nA: " + b"a" * 9000 + b"\r\n\r\n1\r\n--x--"),
    "app: deep JSON": ("POST", "/api/public/v1/complaints", JSON, deep()),
    "app: a long value": ("POST", "/api/public/v1/complaints", JSON, json.dumps({"matter": "x" * 30_000}).encode()),
    "API: deep JSON": ("POST", "/api/v1/complaints/TS261123000019/status", SERVICE, deep("status")),
    "API: a large body": ("POST", "/api/v1/complaints/TS261123000019/status", SERVICE, b'{"note": "' + b"x" * 2 * MB),
    "console: a large form": ("POST", "/console/sign-in", FORM, b"login=" + b"x" * 2 * MB),
    "console: large parts": ("POST", "/console/sign-in", PARTS, b"--x\r\n" + b"x" * 2 * MB),
    "anywhere: a long address": ("GET", "/progress?number=" + "x" * 20_000, {}, b""),
    "anywhere: a long header": ("GET", "/healthz", {"X-Long": "x" * 20_000}, b""),
    "anywhere: a body packed as it is not": ("POST", "/complain", {**FORM, "Content-Encoding": "gzip"}, b"no gzip"),
}


async def test_what_is_too_much_is_refused_and_the_next_is_served(stage: Stage) -> None:
    answered = {name: await refused(stage, name) for name in TOO_MUCH}
    assert {name: status for name, status in answered.items() if not 400 <= status < 500} == {}
    assert (await stage.ask("GET", "/healthz", "alive")).status == 200


async def refused(stage: Stage, name: str) -> int:
    method, path, headers, body = TOO_MUCH[name]
    more: dict[str, Any] = {"data": io.BytesIO(body)} if method == "POST" else {}
    answer = await stage.ask(method, path, name, headers=headers, **more)
    assert b"x" * 1000 not in stage.outputs.found[name]  # no answer repeats it
    return answer.status


async def test_a_form_of_staff_is_bounded_as_well(stage: Stage) -> None:
    headers = await stage.signed_in(Role.SUPERVISOR)
    answer = await stage.ask(
        "POST", "/console/me/password", "form", headers={**headers, **FORM}, data=io.BytesIO(b"a=" + b"x" * 2 * MB)
    )
    assert answer.status in (404, 405, 413)
