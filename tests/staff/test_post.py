"""Letters of ours are printed, posted, delivered, and sometimes come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels.base import OutboundKind
from normalizer.record import Contact, ContactKind
from store.values import OutboxState, Parcel, Posting, PostState
from tests.staff.office import ON_ONE, Office

NAME, ADDRESS = "李晓明", "北京市朝阳区建国路18号院3号楼402室"
PDF = b"%PDF-1.7 a letter"


async def printed(office: Office, id: str) -> str:
    """A receipt lies in the tray; its id."""
    case = await office.complaint()
    now = office.house.clock.now()
    sha256 = await office.house.store.blobs.put(PDF)
    parcel = Parcel(
        id=id,
        channel="letter",
        to=Contact(kind=ContactKind.POST, value=ADDRESS),
        kind=OutboundKind.RECEIPT,
        text="已受理",
        created_at=now,
        next_at=now,
        state=OutboxState.SENT,
        number=case.number,
        complaint_id=case.id,
        context={"name": NAME},
    )
    posting = Posting(
        id=id,
        complaint_id=case.id,
        number=case.number,
        kind="receipt",
        state=PostState.PRINTED,
        pages=2,
        sha256=sha256,
        printed_at=now - timedelta(days=1),
    )
    async with office.house.store.unit() as unit:
        await unit.outbox.put(parcel)
        await unit.post.printed(posting)
        await unit.commit()
    return id


async def states(office: Office, **query: str) -> list[tuple[str, str]]:
    return [(each["id"], each["state"]) for each in (await office.ask("/post", **query))["items"]]


async def moved(office: Office, id: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await office.post(f"/post/{id}", body)
    return answer.status, await answer.json(content_type=None)


async def test_the_tray_is_listed_newest_first_and_by_state(office: Office) -> None:
    for id in ("p1", "p2", "p3"):
        await printed(office, id)
    await moved(office, "p2", {"state": "posted"})
    assert await states(office) == [("p3", "printed"), ("p2", "posted"), ("p1", "printed")]
    assert await states(office, state="printed") == [("p3", "printed"), ("p1", "printed")]
    first = await office.ask("/post", state="printed", limit="1")
    second = await office.ask("/post", state="printed", limit="1", cursor=first["next"])
    assert ([each["id"] for each in first["items"] + second["items"]], second["next"]) == (["p3", "p1"], None)
    assert (await office.get("/post", cursor=first["next"])).status == 404


async def test_a_letter_tells_enough_to_find_its_envelope_and_no_more_without_a_reason(office: Office) -> None:
    await printed(office, "p1")
    await moved(office, "p1", {"state": "posted", "tracking_number": "XA12345678911"})
    masked = await office.ask("/post/p1")
    assert (masked["addressee"], masked["address"]) == ("李*明", "北京市朝阳区****")
    assert masked["tracking_number"] == "****11"
    assert [action for _, action, _, _ in await office.audited()] == ["letter"]
    plain = await office.ask("/post/p1", unmask="装封")
    assert (plain["addressee"], plain["address"], plain["tracking_number"]) == (NAME, ADDRESS, "XA12345678911")
    assert (await office.audited())[-1][1] == "unmask"


async def test_the_document_is_handed_out_for_a_reason(office: Office) -> None:
    await printed(office, "p1")
    assert (await office.get("/post/p1/pdf")).status == 422
    answer = await office.get("/post/p1/pdf", unmask="打印寄送")
    assert (await answer.read(), answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert [(action, what["what"]) for _, action, _, what in await office.audited()] == [("unmask", "letter p1")]


async def test_a_letter_is_posted_on_the_day_of_its_postmark(office: Office) -> None:
    await printed(office, "p1")
    status, shown = await moved(office, "p1", {"state": "posted", "on": "2026-11-22", "tracking_number": "XA1"})
    assert (status, shown["state"]) == (200, "posted")
    assert shown["posted_at"].startswith("2026-11-22")
    case = await office.ask(f"/complaints/{shown['complaint']}")
    assert [(each["kind"], each["text"]) for each in case["timeline"]][-1] == ("delivery", "posted")


async def test_a_letter_that_came_back_cannot_arrive_any_more(office: Office) -> None:
    await printed(office, "p1")
    assert (await moved(office, "p1", {"state": "returned"}))[0] == 200
    status, problem = await moved(office, "p1", {"state": "delivered"})
    assert (status, problem["code"]) == (409, "not_possible")
    assert await states(office) == [("p1", "returned")]


async def test_a_letter_that_arrived_is_delivered_in_the_outbox_too(office: Office) -> None:
    await printed(office, "p1")
    _, shown = await moved(office, "p1", {"state": "delivered"})
    [delivery] = (await office.ask(f"/complaints/{shown['complaint']}/deliveries"))["items"]
    assert delivery["state"] == "delivered"


async def test_a_print_run_is_posted_together_and_each_letter_answers_for_itself(office: Office) -> None:
    for id in ("p1", "p2"):
        await printed(office, id)
    await moved(office, "p2", {"state": "returned"})
    answer = await office.post("/post", {"ids": ["p1", "p2", "nobody", "p1"], "state": "posted"})
    assert (await answer.json())["items"] == [
        {"id": "p1", "state": "posted", "problem": ""},
        {"id": "p2", "state": "returned", "problem": "not_possible"},
        {"id": "nobody", "state": None, "problem": "no_such_letter"},
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"state": "printed"}, 422),
        ({"state": "posted", "on": "2026-11-24"}, 409),
        ({"state": "posted", "on": "22.11."}, 422),
        ({"state": "posted", "on": 1700000000}, 422),
        ({"state": "posted", "tracking_number": "<b>"}, 422),
        ({"state": "posted", "tracking_number": "张三"}, 422),
        ({"state": "posted", "ids": ["p1"]}, 422),
        ({}, 422),
    ],
)
@ON_ONE
async def test_nothing_happens_to_a_letter_by_a_wrong_word(office: Office, body: dict[str, Any], status: int) -> None:
    await printed(office, "p1")
    assert (await moved(office, "p1", body))[0] == status
    assert await states(office) == [("p1", "printed")]


@pytest.mark.parametrize("ids", [[], ["p 1"], ["x" * 65], [1], ["p1"] * 201])
@ON_ONE
async def test_a_run_of_wrong_ids_moves_nothing(office: Office, ids: list[Any]) -> None:
    await printed(office, "p1")
    assert (await office.post("/post", {"ids": ids, "state": "posted"})).status == 422
    assert await states(office) == [("p1", "printed")]


@pytest.mark.parametrize("id", ["nobody", "%00", "a%2Fb", "x" * 300])
@ON_ONE
async def test_a_letter_that_is_not_there_is_not_found(office: Office, id: str) -> None:
    for path in (f"/post/{id}", f"/post/{id}/pdf?unmask=x"):
        assert (await office.client.get(f"/api/v1{path}")).status == 404
    answer = await office.client.post(f"/api/v1/post/{id}", json={"state": "posted"})
    assert answer.status == 404
