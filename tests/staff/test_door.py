"""Who is let in, and how everybody else is turned away."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.house import House
from gateway.settings import Settings
from gateway.staff import problems, reading
from gateway.staff.api import build_api
from store.errors import Busy
from store.unit import Store
from tests.clock import SetClock
from tests.staff.office import ON_ONE, TOKEN, Office, Replayer

pytestmark = ON_ONE


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer ключ",
        "Bearer \xff",
    ],
)
async def test_without_the_token_nobody_learns_anything(office: Office, header: str) -> None:
    for path in ("/complaints", "/complaints/TS261123000019", "/nowhere"):
        answer = await office.client.get(f"/api/v1{path}", headers={"Authorization": header})
        problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, problem["code"]) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tousu"'


async def test_the_scheme_may_be_written_in_any_case(office: Office) -> None:
    answer = await office.client.get("/api/v1/complaints", headers={"Authorization": f"bearer  {TOKEN}"})
    assert answer.status == 200


async def test_without_a_token_configured_the_api_is_off(store: Store) -> None:
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr("")))
    app = web.Application()
    app.add_subapp("/api/v1", build_api(house, Replayer(store)))
    async with TestClient(TestServer(app)) as client:
        for header in ("", "Bearer ", f"Bearer {TOKEN}"):
            answer = await client.get("/api/v1/complaints", headers={"Authorization": header})
            assert (answer.status, (await answer.json())["code"]) == (503, "off")
        assert (await client.get("/api/v1/openapi.json")).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/", 404),
        ("GET", "/complaints/", 404),
        ("GET", "/calls/", 404),
        ("DELETE", "/complaints", 405),
        ("GET", "/complaints/TS261123000019/status", 405),
        ("POST", "/openapi.json", 405),
    ],
)
async def test_every_wrong_turn_is_a_problem(office: Office, method: str, path: str, status: int) -> None:
    answer = await office.client.request(method, f"/api/v1{path}")
    problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["status"]) == (status, status)
    assert problem["type"].startswith("urn:tousu:problem:")
    assert problem["title"]
    assert ("Allow" in answer.headers) is (status == 405)


async def test_no_answer_is_kept_sniffed_or_framed(office: Office) -> None:
    for path in ("/complaints", "/nowhere", "/openapi.json"):
        headers = (await office.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "sandbox" in headers["Content-Security-Policy"]


async def _move(office: Office, body: bytes, **headers: str) -> tuple[int, str]:
    case = await office.complaint()
    answer = await office.client.post(
        f"/api/v1/complaints/{case.number}/status",
        data=body,
        headers={"Content-Type": "application/json", **headers},
    )
    return answer.status, (await answer.json(content_type=None)).get("code", "")


async def test_a_body_must_be_json_of_a_decent_size(office: Office) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    large = json.dumps({"status": "GRADED", "note": "x" * 70_000}).encode()
    assert await _move(office, b"{") == (400, "malformed")
    assert await _move(office, b"") == (400, "malformed")
    assert await _move(office, b"\xff\xfe") == (400, "malformed")
    assert await _move(office, b"[" * 60_000) == (400, "malformed")
    assert await _move(office, b"status=GRADED", **form) == (415, "json_only")
    assert await _move(office, large) == (413, "too_large")


async def test_a_body_that_lies_about_its_packing_is_refused(office: Office) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    assert await _move(office, bomb, **{"Content-Encoding": "gzip"}) == (413, "too_large")
    assert (await _move(office, b"not gzip", **{"Content-Encoding": "gzip"}))[0] == 400


async def test_a_body_that_never_ends_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.05)
    case = await office.complaint()
    port = office.client.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /api/v1/complaints/{case.number}/status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    assert b"408" in await reader.readline()
    writer.close()


async def test_what_we_did_not_foresee_tells_nothing_of_its_cause(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, object]] = []
    monkeypatch.setattr(problems.log, "error", lambda event, **facts: seen.append({"event": event, **facts}))
    case = await office.complaint()

    def broken(self: Store) -> None:
        raise RuntimeError("13812345678")

    monkeypatch.setattr(Store, "reading", broken)
    answer = await office.get(f"/complaints/{case.number}")
    assert answer.status == 500
    assert "138" not in await answer.text()
    assert seen == [{"event": "api_failed", "error": "RuntimeError", "route": "/api/v1/complaints/{number}"}]


async def test_a_busy_database_asks_to_come_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(self: Store) -> None:
        raise Busy

    monkeypatch.setattr(Store, "reading", busy)
    answer = await office.get("/complaints")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


async def test_a_refusal_never_repeats_what_was_sent(office: Office) -> None:
    secret = "13812345678张小三"
    for answer in (
        await office.get("/complaints", phone=secret),
        await office.get("/complaints", cursor=secret),
        await office.get(f"/complaints/{secret}"),
        await office.post("/complaints/TS261123000019/status", {"status": secret, "note": 1}),
    ):
        assert answer.status in (404, 422)
        assert secret not in await answer.text()
