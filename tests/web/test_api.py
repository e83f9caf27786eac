"""The insurer's app does what the pages do."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import schemathesis

from gateway.app import Gateway
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from tests.web.visitor import PHOTO, Visitor

BASE = "/api/public/v1"
WHOLE = {
    "matter": "车险理赔拖了两个月还没赔，一直说在审核",
    "request": "尽快赔付",
    "complainant_name": "王小明",
    "phone": "13812345678",
}


async def post(visitor: Visitor, path: str, body: Any, session: str = "") -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {session}"} if session else {}
    response = await visitor.client.post(f"{BASE}{path}", json=body, headers=headers)
    return response.status, await response.json()


async def test_a_complaint_with_a_photo_is_taken_and_what_is_missing_is_named(
    gateway: Gateway, visitor: Visitor
) -> None:
    photo = {"name": "a.jpg", "content": base64.b64encode(PHOTO).decode()}
    status, first = await post(
        visitor, "/complaints", {"token": "first-one", "matter": WHOLE["matter"], "files": [photo]}
    )
    assert status == 200
    assert first["missing"] == ["request", "complainant_name", "contact"]
    more = {name: value for name, value in WHOLE.items() if name != "matter"}
    status, second = await post(visitor, "/complaints", {"token": "second-one", "visit": first["visit"], **more})
    assert (status, second["accepted"], second["missing"]) == (200, True, [])
    assert second["number"] == first["number"]


async def test_the_same_token_again_is_the_same_complaint(gateway: Gateway, visitor: Visitor) -> None:
    _, first = await post(visitor, "/complaints", {"token": "only-once", **WHOLE})
    _, again = await post(visitor, "/complaints", {"token": "only-once", "visit": first["visit"], **WHOLE})
    assert again["number"] == first["number"]
    assert again["text"] == first["text"]


async def test_a_first_sending_whose_answer_was_lost_is_the_same_complaint_when_it_comes_again(
    gateway: Gateway, visitor: Visitor
) -> None:
    _, lost = await post(visitor, "/complaints", {"token": "only-once", **WHOLE})
    _, again = await post(visitor, "/complaints", {"token": "only-once", **WHOLE})
    assert (again["number"], again["text"]) == (lost["number"], lost["text"])
    _, other = await post(visitor, "/complaints", {"token": "only-once", **WHOLE, "matter": "理赔员态度很差"})
    assert other["number"] != lost["number"], "the token of one leads nobody to the complaint of another"


async def test_the_owner_sees_adds_and_withdraws(gateway: Gateway, visitor: Visitor) -> None:
    _, made = await post(visitor, "/complaints", {"token": "only-once", **WHOLE})
    status, entered = await post(visitor, "/progress", {"number": made["number"], "proof": "5678"})
    assert status == 200
    assert entered["progress"]["stage"] == 1
    session = entered["session"]
    status, said = await post(visitor, "/progress/messages", {"token": "add-this", "text": "昨天又问了一次"}, session)
    assert (status, made["number"] in said["text"]) == (200, True)
    status, _ = await post(visitor, "/progress/rating", {"token": "rate-now", "score": 5}, session)
    assert status == 409
    _, asked = await post(visitor, "/progress/withdrawal", {"token": "withdraw-1"}, session)
    assert "确定要撤回" in asked["text"]
    await post(visitor, "/progress/withdrawal", {"token": "withdraw-2", "confirmed": True}, session)
    shown = await visitor.client.get(f"{BASE}/progress", headers={"Authorization": f"Bearer {session}"})
    assert (await shown.json())["status"] == Status.WITHDRAWN


async def test_a_rating_is_kept(gateway: Gateway, visitor: Visitor) -> None:
    _, made = await post(visitor, "/complaints", {"token": "only-once", **WHOLE})
    for step in (Status.INVESTIGATING, Status.DECIDED, Status.FOLLOW_UP):
        await move(gateway.house, made["number"], step, note="已赔付", tell=True, actor="li.lei")
    _, entered = await post(visitor, "/progress", {"number": made["number"], "proof": "5678"})
    status, said = await post(visitor, "/progress/rating", {"token": "rate-now", "score": 5}, entered["session"])
    assert (status, "评价" in said["text"]) == (200, True)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/complaints", {"matter": "x"}, 422),
        ("/complaints", {"token": "only-once"}, 422),
        ("/complaints", {"token": "only-once", "matter": "x", "visit": "forged"}, 409),
        ("/complaints", {"token": "only-once", "matter": "x", "files": [{"name": "a.exe", "content": "TVo="}]}, 422),
        ("/progress", {"number": "TS261123000019", "proof": "5678"}, 404),
        ("/progress/messages", {"token": "add-this", "text": "x"}, 401),
    ],
)
async def test_what_cannot_be_taken_is_a_problem(visitor: Visitor, path: str, body: Any, status: int) -> None:
    got, problem = await post(visitor, path, body)
    assert got == status
    assert problem["status"] == status


async def test_no_other_site_may_read_it(visitor: Visitor) -> None:
    response = await visitor.client.options(f"{BASE}/complaints", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_the_description_is_an_openapi_document_of_every_route(visitor: Visitor) -> None:
    response = await visitor.client.get(f"{BASE}/openapi.json")
    described = await response.json()
    schemathesis.openapi.from_dict(described).validate()
    assert set(described["paths"]) >= {"/complaints", "/progress", "/progress/withdrawal"}
