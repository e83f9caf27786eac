"""Staff see which calls there were, with whom and about what; the caller's number in full only for a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from normalizer.record import NOBODY, Contact, ContactKind
from store.values import File, FileState
from tests.staff.office import CALLER, OPENID, PHONE, Office

LI = Contact(kind=ContactKind.PHONE, value="+8613911112222")
KEYS = "call direction phone state started heard ended seconds complaint recordings"


async def recorded(office: Office, id: str, *, of: str, channel: str = "phone", media_type: str = "audio/mpeg") -> None:
    """A file that came in the talk of a call."""
    now = office.house.clock.now()
    async with office.house.store.unit() as unit:
        talk = await unit.conversations.lock("phone", CALLER, now, talk=of)
        entry = await unit.ledger.enter(channel=channel, key=id, received_at=now, raw=b"", envelope={})
        file = File(
            id=id,
            ledger_id=entry.id,
            complaint_id=None,
            conversation_id=talk.id,
            channel=channel,
            name="",
            media_type=media_type,
            state=FileState.STORED,
            size=7,
            sha256="ab",
        )
        await unit.files.add(file)
        await unit.commit()


async def about(office: Office, call: str) -> str:
    """The number of a complaint that the talk of this call is about."""
    case = await office.complaint()
    now = office.house.clock.now()
    async with office.house.store.unit() as unit:
        talk = await unit.conversations.lock("phone", CALLER, now, talk=call)
        await unit.conversations.save(talk.id, state={}, complaint_id=case.id, remind_at=None, last_heard_at=now)
        await unit.commit()
    return case.number


async def test_a_call_is_shown_with_its_complaint_and_what_was_recorded(office: Office) -> None:
    begun = office.house.clock.now()
    await office.call("CA1")
    await office.call("CA1", state="completed", at=begun + timedelta(minutes=2), seconds=120)
    number = await about(office, "CA1")
    await recorded(office, "r1", of="CA1")
    await recorded(office, "r2", of="CA2")
    await recorded(office, "p1", of="CA1", media_type="image/png")
    await recorded(office, "w1", of="CA1", channel="wechat")
    shown = await office.ask("/calls/CA1")
    assert list(shown) == KEYS.split()
    assert shown == {
        "call": "CA1",
        "direction": "in",
        "phone": "138******78",
        "state": "completed",
        "started": "2026-11-23T01:30:00Z",
        "heard": "2026-11-23T01:32:00Z",
        "ended": "2026-11-23T01:32:00Z",
        "seconds": 120,
        "complaint": number,
        "recordings": [{"id": "r1", "size": 7, "sha256": "ab", "state": "stored"}],
    }
    assert (await office.ask("/calls"))["items"] == [shown]


async def test_a_withheld_number_is_nobodys(office: Office) -> None:
    await office.call("CA1", NOBODY, outgoing=True)
    for query in ({}, {"unmask": "asked by the caller"}):
        shown = await office.ask("/calls/CA1", **query)
        assert (shown["phone"], shown["direction"], shown["complaint"], shown["ended"]) == (None, "out", None, None)
        assert (shown["seconds"], shown["recordings"]) == (None, [])


async def test_a_number_is_shown_in_full_only_for_a_reason_that_is_audited(office: Office) -> None:
    await office.call("CA1")
    await office.call("CA2", LI)
    number = await about(office, "CA1")
    assert PHONE not in str(await office.ask("/calls"))
    assert await office.audited() == []
    assert (await office.ask("/calls/CA1", unmask="call back"))["phone"] == PHONE
    page = await office.ask("/calls", unmask="statistics")
    assert [item["phone"] for item in page["items"]] == [LI.value, PHONE]
    assert await office.audited() == [
        ("api", "unmask", number, {"reason": "call back", "what": "call CA1"}),
        ("api", "unmask", "call CA2", {"reason": "statistics", "what": "call CA2"}),
        ("api", "unmask", number, {"reason": "statistics", "what": "call CA1"}),
    ]


@pytest.mark.parametrize("phone", [PHONE, "138 1234 5678", "8613812345678"])
async def test_calls_are_found_by_the_number_however_it_is_written(office: Office, phone: str) -> None:
    await office.call("CA1")
    await office.call("CA2", LI)
    await office.call("CA3", NOBODY)
    assert [item["call"] for item in (await office.search("/calls", phone=phone))["items"]] == ["CA1"]
    refused = await office.get("/calls", phone=phone)
    assert (refused.status, (await refused.json())["code"]) == (422, "private_in_url")


async def test_calls_are_found_by_how_they_stand(office: Office) -> None:
    await office.call("CA1", state="no-answer")
    await office.call("CA2")
    assert [item["call"] for item in (await office.ask("/calls", state="no-answer"))["items"]] == ["CA1"]
    assert [item["call"] for item in (await office.ask("/calls", state="in-progress"))["items"]] == ["CA2"]
    assert (await office.get("/calls", state="lost")).status == 422


async def test_pages_of_calls_stay_stable_while_people_call(office: Office) -> None:
    for place in range(5):
        await office.call(f"CA{place}")
    first = await office.ask("/calls", limit="2")
    await office.call("CA9")
    second = await office.ask("/calls", limit="2", cursor=first["next"])
    third = await office.ask("/calls", limit="2", cursor=second["next"])
    seen = [item["call"] for page in (first, second, third) for item in page["items"]]
    assert seen == ["CA4", "CA3", "CA2", "CA1", "CA0"]
    assert third["next"] is None


@pytest.mark.parametrize("call", ["CA2", "%00", "x" * 65, OPENID])
async def test_a_call_that_was_not_is_not_found(office: Office, call: str) -> None:
    await office.call("CA1")
    answer = await office.client.get(f"/api/v1/calls/{call}")
    assert (answer.status, (await answer.json())["code"]) == (404, "no_such_call")
