"""How long a complaint is kept, as another system sees it and asks for."""

from __future__ import annotations

from gateway.casework.acts.withdrawing import withdraw
from gateway.casework.retention.holding import hold
from tests.staff.office import NAME, Office


async def test_another_system_sees_how_long_a_complaint_is_kept(office: Office) -> None:
    case = await office.complaint()
    shown = await office.ask(f"/complaints/{case.number}/keeping")
    assert (shown["standing"], shown["keep_until"], shown["holds"]) == ("kept", None, [])
    await withdraw(office.house, case.number, reason="x", evidence="x", tell=False, actor="li")
    shown = await office.ask(f"/complaints/{case.number}/keeping")
    assert shown["keep_until"].startswith("2036-11-23")


async def test_why_it_is_held_is_masked_as_everything_is(office: Office) -> None:
    case = await office.complaint()
    await hold(office.house, case.number, reason=f"{NAME}起诉", actor="li")
    shown = await office.ask(f"/complaints/{case.number}/keeping")
    assert shown["standing"] == "held"
    assert NAME not in str(shown)


async def test_another_system_asks_for_erasure_and_a_person_decides(office: Office) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/erasure", {"reason": "客户要求"})
    assert answer.status == 200, await answer.text()
    assert (await answer.json())["kind"] == "erasure"
    [waiting] = (await office.ask("/approvals"))["items"]
    assert (waiting["kind"], waiting["complaint"]) == ("erasure", case.number)
    again = await office.post(f"/complaints/{case.number}/erasure", {"reason": "客户要求"})
    assert again.status == 409


async def test_holds_are_put_and_lifted_by_supervisors_alone(office: Office) -> None:
    case = await office.complaint()
    for path in ("hold", "hold/lift"):
        answer = await office.post(f"/complaints/{case.number}/{path}", {"reason": "x"})
        assert answer.status == 403


async def test_a_complaint_that_is_not_there_is_kept_nowhere(office: Office) -> None:
    assert (await office.get("/complaints/TS261123000019/keeping")).status == 404
