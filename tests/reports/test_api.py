"""The same over the REST interface, for other systems and for whoever is signed in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.house import House
from gateway.reports.overview import Overviews
from gateway.staff.answering import guard_answers
from gateway.staff.audit import AuditTrail
from gateway.staff.auth import NoSessions, let_in
from gateway.staff.openapi import document
from gateway.staff.problems import tell_problems
from gateway.staff.reports import Reports
from tests.staff.office import NAME, ON_ONE, TOKEN, Office

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    door = let_in(house.settings.api_token, NoSessions(), frozenset())
    app = web.Application(middlewares=[guard_answers, tell_problems, door])
    for operation in (*Reports(house, Overviews(house)).operations(), *AuditTrail(house).operations()):
        app.router.add_route(operation.method, operation.path, operation.handler)
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as opened:
        yield opened


async def test_the_overview_is_told_in_numbers(client: Client, office: Office) -> None:
    await office.complaint()
    told = await (await client.get("/reports/overview")).json()
    assert (told["today"]["total"], told["open"], len(told["days"]), len(told["weeks"])) == (1, 1, 30, 12)
    assert told["categories"][0]["code"] == "C03"


async def test_the_register_comes_in_both_forms(client: Client, office: Office) -> None:
    case = await office.complaint()
    answer = await client.get("/reports/register.csv", params={"first": "2026-11-01", "status": "ACCEPTED"})
    text = await answer.text()
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert case.number in text
    assert NAME not in text
    answer = await client.get("/reports/register.xlsx", params={"unmask": "监管检查"})
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as book:
        assert NAME in book.read("xl/worksheets/sheet1.xml").decode()
    assert [deed[1] for deed in await office.audited()] == ["export_register", "export_register"]


async def test_the_case_file_needs_a_reason(client: Client, office: Office) -> None:
    case = await office.complaint()
    assert (await client.get(f"/complaints/{case.number}/file")).status == 422
    answer = await client.get(f"/complaints/{case.number}/file", params={"unmask": "监管检查"})
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        assert NAME in archive.read("record.json").decode()
    assert (await client.get("/complaints/TS261123999999/file", params={"unmask": "x"})).status == 404


async def test_the_trail_is_listed_page_by_page_and_its_chain_checked(client: Client, office: Office) -> None:
    for _ in range(3):
        await client.get("/reports/register.csv", params={"unmask": "电话 13812345678"})
    first = await (await client.get("/audit", params={"limit": "2"})).json()
    assert [deed["id"] for deed in first["items"]] == [3, 2]
    assert "13812345678" not in str(first)
    second = await (await client.get("/audit", params={"limit": "2", "cursor": first["next"]})).json()
    assert ([deed["id"] for deed in second["items"]], second["next"]) == ([1], None)
    assert await (await client.get("/audit/chain")).json() == {"whole": True, "broken_at": None}
    assert (await client.get("/audit", params={"cursor": "x"})).status == 404
    assert (await (await client.get("/audit", params={"day": "1999-01-01"})).json())["items"] == []


@ON_ONE
async def test_all_of_it_is_described(house: House) -> None:
    operations = (*Reports(house, Overviews(house)).operations(), *AuditTrail(house).operations())
    told = document(operations, "1")
    assert set(told["paths"]) == {operation.path for operation in operations}
