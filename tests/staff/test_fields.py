"""A person compares values with the paper, and what they say stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import ClientResponse

from channels.base import OutboundKind
from store.audit import Audit
from store.values import KeptScan, Parcel, ScanState
from tests.staff.office import ON_ONE, Office
from tests.staff.paper import ID_LINE, LETTER, POLICY_LINE, letter

SIGNED = LETTER[9]
NUMBER = "PDAA202641010000123456"


async def arrives(office: Office, key: str = "letter1", **more: Any) -> KeptScan:
    await office.inbox.submit(letter(key, office.house.clock.now(), **more))
    async with office.house.store.reading() as unit:
        return (await unit.scans.recent())[0]


async def misread(office: Office) -> tuple[KeptScan, str]:
    """A letter whose sender's name is doubtful, so that no answer goes out; and its number."""
    kept = await arrives(office, unsure={SIGNED: 0.6, LETTER[2]: 0.6, POLICY_LINE: 0.7})
    return kept, (await office.ask("/letters"))["items"][0]["complaint"]


async def parcels(office: Office) -> list[Parcel]:
    async with office.house.store.reading() as unit:
        return list(await unit.outbox.recent(50))


async def check(office: Office, number: str, fields: dict[str, str], **more: object) -> ClientResponse:
    return await office.post(f"/complaints/{number}/fields", {"fields": fields, **more})


async def test_a_letter_waits_for_a_look_and_is_answered_by_post_after_it(office: Office) -> None:
    kept, number = await misread(office)
    assert kept.state is ScanState.DOUBTFUL
    assert await parcels(office) == []
    assert (await office.ask(f"/complaints/{number}"))["status"] == "REGISTERED"

    confirmed = {name: doubt.value for name, doubt in kept.doubts.items()}
    answer = await check(office, number, confirmed, item=kept.ledger_id)
    ticket = await answer.json()
    assert (answer.status, ticket["status"]) == (200, "ACCEPTED")
    assert {ticket["fields"][name]["method"] for name in confirmed} == {"staff"}
    assert (await office.ask("/letters", state="verified"))["items"][0]["item"] == kept.ledger_id
    assert (await office.ask("/tasks", kind="verification"))["items"] == []

    [receipt] = await parcels(office)
    assert (receipt.channel, receipt.kind, receipt.to.kind) == ("letter", OutboundKind.RECEIPT, "post")
    assert "建国路18号院3号楼402室" in receipt.to.value
    assert receipt.context["name"] == "李晓明"


async def test_what_is_missing_is_asked_on_the_slip_of_the_answer(office: Office) -> None:
    lines = ["我要投诉你公司拖延理赔，两个多月没有赔付。", *(set_apart(POLICY_LINE, ID_LINE, LETTER[2]))]
    kept = await arrives(office, lines=lines, unsure={SIGNED: 0.6})
    number = (await office.ask("/letters"))["items"][0]["complaint"]
    await check(office, number, {name: doubt.value for name, doubt in kept.doubts.items()}, item=kept.ledger_id)
    [answer] = await parcels(office)
    assert (answer.to.kind, answer.context["name"]) == ("post", "李晓明")
    assert [name for name, _ in json.loads(answer.context["asks"])] == ["policy_number", "evidence"]


def set_apart(*without: str) -> list[str]:
    return [line for line in LETTER if line not in without]


async def test_part_of_a_letter_may_be_looked_at_first(office: Office) -> None:
    kept, number = await misread(office)
    await check(office, number, {"complainant_name": "李晓明"}, item=kept.ledger_id)
    [shown] = (await office.ask("/letters", state="doubtful"))["items"]
    assert "complainant_name" not in shown["doubtful"]
    assert shown["doubtful"]
    assert await parcels(office) == []


async def test_what_a_person_says_is_written_down_and_audited(office: Office) -> None:
    kept, number = await misread(office)
    await check(office, number, {"policy_number": "pdaa2026 4101 0000 999999"}, item=kept.ledger_id)
    ticket = await office.ask(f"/complaints/{number}", unmask="抽查")
    assert ticket["policy_number"] == "PDAA202641010000999999"
    [moment] = [each for each in ticket["timeline"] if each["kind"] == "field"]
    assert (moment["actor"], moment["text"]) == ("api", "policy_number")
    assert moment["data"] == {"before": NUMBER, "now": "PDAA202641010000999999"}
    [(_, action, subject, what), *_] = [each for each in await office.audited() if each[0] == "api"]
    assert (action, subject, what["fields"]) == ("fields_checked", number, ["policy_number"])
    assert "999999" not in str(what)


async def test_what_cannot_be_audited_is_not_corrected(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    _, number = await misread(office)
    real = Audit.write

    async def broken(*args: Any, **given: Any) -> None:
        if given["action"] == "fields_checked":
            raise ValueError("the trail is broken")
        await real(*args, **given)

    with monkeypatch.context() as away:
        away.setattr(Audit, "write", broken)
        answer = await check(office, number, {"policy_number": "PA2026000999999"})
    assert (answer.status, (await answer.json())["code"]) == (409, "not_taken")
    ticket = await office.ask(f"/complaints/{number}", unmask="抽查")
    assert ticket["policy_number"] == NUMBER
    assert [each for each in ticket["timeline"] if each["kind"] == "field"] == []


async def test_an_empty_value_is_not_in_the_letter(office: Office) -> None:
    kept, number = await misread(office)
    answer = await check(office, number, {"policy_number": "  "}, item=kept.ledger_id)
    assert (await answer.json())["policy_number"] is None


async def test_a_page_nobody_could_read_is_typed_and_understood(office: Office) -> None:
    kept = await arrives(office, lines=["：：", "…"], warnings=("page_unreadable",))
    number = (await office.ask("/letters"))["items"][0]["complaint"]
    assert "text" in kept.doubts
    answer = await check(office, number, {}, text="\n".join(LETTER), item=kept.ledger_id)
    ticket = await answer.json()
    assert (answer.status, ticket["status"]) == (200, "ACCEPTED")
    assert ticket["complainant"]["name"] == "李*明"
    assert (await office.ask("/letters", state="doubtful"))["items"] == []


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("phone", "138 1234 5678", "+8613812345678"),
        ("phone", "０１０－６２３４５６７８", "+861062345678"),
        ("phone", "+852 2345 6789", "+85223456789"),
        ("id_number", " 11010119900307451 4", "110101199003074514"),
        ("claim_number", "cl 88-77", "CL88-77"),
        ("bank_card", "6222 0202 0011 2233 341", ""),
        ("email", " li@example.cn ", "li@example.cn"),
        ("complainant_name", " 李䶮 ", "李䶮"),
        ("organisation", "示例物流有限公司", "示例物流有限公司"),
    ],
)
@ON_ONE
async def test_values_are_kept_in_their_own_form(office: Office, name: str, written: str, kept: str) -> None:
    case = await office.complaint()
    answer = await check(office, case.number, {name: written}, as_written=name == "bank_card")
    assert answer.status == 200, await answer.text()
    ticket = await office.ask(f"/complaints/{case.number}", unmask="抽查")
    assert ticket["fields"][name]["value"] == (kept or written.replace(" ", ""))


@pytest.mark.parametrize(
    ("fields", "code", "why"),
    [
        ({"phone": "12345"}, "invalid", "not_phone"),
        ({"phone": "<script>"}, "invalid", "not_phone"),
        ({"email": "nobody"}, "invalid", "not_email"),
        ({"policy_number": "保单一"}, "invalid", "not_policy_number"),
        ({"id_number": "110101199003074515"}, "check_failed", "check_digit"),
        ({"uscc": "91110000100000001X"}, "check_failed", "check_digit"),
        ({"bank_card": "6222020200112233"}, "check_failed", "check_digit"),
    ],
)
@ON_ONE
async def test_what_cannot_be_such_a_value_is_refused(
    office: Office, fields: dict[str, str], code: str, why: str
) -> None:
    case = await office.complaint()
    answer = await check(office, case.number, fields)
    problem = await answer.json(content_type=None)
    assert (answer.status, problem["code"]) == (422, code)
    assert problem["errors"] == [{"where": f"fields.{next(iter(fields))}", "why": why}]
    assert not [value for value in fields.values() if value in str(problem)]
    assert await office.audited() == []


async def test_a_number_the_customer_wrote_wrong_is_kept_as_they_wrote_it(office: Office) -> None:
    case = await office.complaint()
    wrong = {"id_number": "110101199003074515"}
    assert (await check(office, case.number, wrong)).status == 422
    assert (await check(office, case.number, wrong, as_written=True)).status == 200
    assert (await check(office, case.number, {"phone": "12345"}, as_written=True)).status == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fields": {}},
        {"fields": {}, "text": " \n "},
        {"fields": {"category": "C03"}},
        {"fields": {"product": "medical"}},
        {"fields": {"priority": "P0"}},
        {"fields": {"phone": 13812345678}},
        {"fields": {"phone": "1" * 501}},
        {"fields": {"complainant_name": "李\x00晓"}},
        {"fields": {"complainant_name": "李晓明"}, "item": "1"},
        {"fields": {"complainant_name": "李晓明"}, "item": 999},
        {"fields": {"complainant_name": "李晓明"}, "by": "boss"},
        {"text": "x" * 20_001},
    ],
)
@ON_ONE
async def test_a_request_that_says_something_else_changes_nothing(office: Office, body: dict[str, object]) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/fields", body)
    assert answer.status == 422
    assert await office.audited() == []


async def test_a_letter_of_somebody_else_cannot_be_settled(office: Office) -> None:
    theirs, _ = await misread(office)
    await arrives(office, "another")
    mine = (await office.ask("/letters", state="clear"))["items"][0]["complaint"]
    answer = await check(office, mine, {"complainant_name": "李晓明"}, item=theirs.ledger_id)
    assert answer.status == 422
    assert len((await office.ask("/letters", state="doubtful"))["items"]) == 1


@ON_ONE
async def test_values_of_a_closed_complaint_stand(office: Office) -> None:
    case = await office.complaint(status="ARCHIVED")
    answer = await check(office, case.number, {"complainant_name": "李晓明"})
    assert (answer.status, (await answer.json(content_type=None))["code"]) == (409, "closed")


@ON_ONE
async def test_a_complaint_that_is_not_there_is_not_found(office: Office) -> None:
    assert (await check(office, "TS261123000019", {"complainant_name": "李晓明"})).status == 404
    assert (await check(office, "TS261123000010", {"complainant_name": "李晓明"})).status == 404


async def test_a_decision_by_letter_has_three_parts(office: Office) -> None:
    kept, number = await misread(office)
    await check(office, number, {name: doubt.value for name, doubt in kept.doubts.items()}, item=kept.ledger_id)
    for status in ("GRADED", "INVESTIGATING", "SOLUTION"):
        moved = await office.post(f"/complaints/{number}/status", {"status": status, "note": "在查", "tell": False})
        assert moved.status == 200, await moved.text()
    bare = await office.post(f"/complaints/{number}/status", {"status": "DECIDED", "note": "赔付12800元"})
    assert bare.status == 409
    empty = {"verified": "已核实", "basis": " ", "remedies": "可申请核查"}
    refused = await office.post(f"/complaints/{number}/status", {"status": "DECIDED", "decision": empty})
    assert refused.status == 422
    whole = {"verified": "查明迟延", "basis": "保险法第二十三条", "remedies": "可在30日内申请核查"}
    told = await office.post(f"/complaints/{number}/status", {"status": "DECIDED", "decision": whole})
    assert told.status == 200, await told.text()
    decided = next(parcel for parcel in await parcels(office) if parcel.kind == OutboundKind.STATUS)
    assert json.loads(decided.context["decision"]) == whole
