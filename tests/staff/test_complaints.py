"""Staff find complaints, read them, and take them through their life."""

from __future__ import annotations

import pytest

from normalizer.record import Intent
from tests.staff.office import CLAIM, EMAIL, ID, NAME, ON_ONE, PHONE, POLICY, Office

TICKET = (
    "number status channel received_at accepted_at due_at complainant policy_number claim_number respondent product "
    "category category_detail priority flags matter reason request amounts dates missing attachments timeline fields "
    "others intent language attested"
)


async def test_a_ticket_has_the_keys_that_others_rely_on(office: Office) -> None:
    case = await office.complaint(request="")
    await office.file(case)
    ticket = await office.ask(f"/complaints/{case.number}")
    assert list(ticket) == TICKET.split()
    assert ticket["status"] == "ACCEPTED"
    assert ticket["received_at"] == "2026-11-23T01:30:00Z"
    assert ticket["request"] is None
    assert ticket["reason"] is None
    assert ticket["missing"] == ["request"]
    assert ticket["amounts"] == [50000, 12.5]
    assert ticket["dates"] == ["2026-09-01"]
    assert ticket["flags"] == ["elderly"]
    assert ticket["intent"] == "complaint"
    assert ticket["others"] == {"phone": ["139******11"]}
    assert set(ticket["fields"]["category"]) == {"value", "source", "method", "confidence"}
    attachment = {"id", "name", "type", "size", "sha256", "state", "url", "heard", "words"}
    assert set(ticket["attachments"][0]) == attachment


@pytest.mark.parametrize(
    "query",
    [
        {"phone": "+8613812345678"},
        {"phone": "138 1234 5678"},
        {"phone": "8613812345678"},
        {"name": NAME},
        {"email": EMAIL.upper()},
        {"id_number": ID},
        {"policy_number": POLICY.lower()},
        {"claim_number": CLAIM},
        {"status": ["registered"], "channel": "wechat", "intent": "complaint", "priority": "P1"},
    ],
)
async def test_a_complaint_is_found_by_what_staff_know(office: Office, query: dict[str, object]) -> None:
    wanted = await office.complaint(status="REGISTERED", priority="P1")
    await office.complaint(
        phone="+8613911112222",
        complainant_name="李四",
        email="li@example.cn",
        id_number="X",
        policy_number="P9",
        claim_number="C9",
    )
    page = await office.search("/complaints", **query)
    assert [item["number"] for item in page["items"]] == [wanted.number]


@ON_ONE
@pytest.mark.parametrize("name", ["phone", "name", "email", "id_number", "policy_number", "claim_number"])
async def test_what_is_somebodys_own_is_refused_in_a_url_and_the_caller_is_told_where_it_goes(
    office: Office, name: str
) -> None:
    answer = await office.get("/complaints", **{name: PHONE})
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (422, "private_in_url")
    assert problem["errors"] == [{"where": name, "why": "not in a URL; in the body of POST /api/v1/complaints/search"}]
    assert PHONE not in str(problem)


@ON_ONE
async def test_a_search_that_is_repeated_with_its_cursor_goes_on_and_plain_values_are_audited(office: Office) -> None:
    numbers = [(await office.complaint()).number for _ in range(3)]
    first = await office.search("/complaints", phone=PHONE, limit=2)
    second = await office.search("/complaints", phone=PHONE, limit=2, cursor=first["next"], unmask="案件抽查")
    assert [item["number"] for page in (first, second) for item in page["items"]] == numbers[::-1]
    assert (PHONE in str(first), PHONE in str(second)) == (False, True)
    assert [deed[:3] for deed in await office.audited()] == [("api", "unmask", numbers[0])]


async def test_praise_and_questions_are_listed_only_for_whoever_asks_for_all_items(office: Office) -> None:
    complaint, danger = await office.complaint(), await office.item(Intent.OTHER, priority="P0")
    praise = await office.item(Intent.PRAISE, phone="+8613911112222")
    question, stranger = await office.item(Intent.CONSULT), await office.item(Intent.OTHER)

    async def numbers(**query: str) -> set[str]:
        return {item["number"] for item in (await office.ask("/complaints", **query))["items"]}

    work = {complaint.number, danger.number}
    assert await numbers() == await numbers(channel="wechat") == work
    assert await numbers(items="all") == work | {praise.number, question.number, stranger.number}
    assert await numbers(intent="praise") == {praise.number}
    found = await office.search("/complaints", phone="13911112222")
    assert [item["number"] for item in found["items"]] == [praise.number]
    assert (await office.get("/complaints", items="some")).status == 422


async def test_a_landline_is_found_as_people_write_it(office: Office) -> None:
    wanted = await office.complaint(phone="+862164001234")
    page = await office.search("/complaints", phone="021-64001234")
    assert [item["number"] for item in page["items"]] == [wanted.number]


async def test_pages_stay_stable_while_new_complaints_come_in(office: Office) -> None:
    numbers = [(await office.complaint()).number for _ in range(5)]
    first = await office.ask("/complaints", limit="2")
    await office.complaint()
    second = await office.ask("/complaints", limit="2", cursor=first["next"])
    third = await office.ask("/complaints", limit="2", cursor=second["next"])
    seen = [item["number"] for page in (first, second, third) for item in page["items"]]
    assert seen == numbers[::-1]
    assert third["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "?"},
        {"limit": "0"},
        {"limit": "many"},
        {"status": "LOST"},
        {"intent": "anger"},
        {"number": "TS"},
    ],
)
@ON_ONE
async def test_a_query_that_means_nothing_is_told_so(office: Office, query: dict[str, str]) -> None:
    answer = await office.get("/complaints", **query)
    assert answer.status == 422
    assert (await answer.json())["errors"]


@pytest.mark.parametrize(
    "sought",
    [{"phone": ""}, {"phone": "x' OR 1=1"}, {"name": "\x00"}, {"limit": "5"}, {"limit": True}, {"number": "TS"}],
)
@ON_ONE
async def test_a_search_that_means_nothing_is_told_so(office: Office, sought: dict[str, object]) -> None:
    answer = await office.post("/complaints/search", sought)
    assert answer.status == 422
    assert (await answer.json())["errors"]


@pytest.mark.parametrize(
    "cursor",
    [
        "bm90IG9uZQ",
        "WyJ0YXNrcyIsInRhc2sxIl0",  # of another list
        "WyJjb21wbGFpbnRzIiwxZTk5XQ",
        "WyJjb21wbGFpbnRzIix0cnVlXQ",
        "A",
        "MQ",
    ],
)
@ON_ONE
async def test_a_cursor_that_is_not_of_this_list_leads_nowhere(office: Office, cursor: str) -> None:
    answer = await office.get("/complaints", cursor=cursor)
    assert (answer.status, (await answer.json())["code"]) == (404, "no_such_page")


@ON_ONE
async def test_a_parameter_is_given_once_but_states_may_be_several(office: Office) -> None:
    await office.complaint(status="ACCEPTED")
    await office.complaint(status="REGISTERED")
    await office.complaint(status="ARCHIVED")
    twice = await office.client.get("/api/v1/complaints?channel=web&channel=wechat")
    several = await office.client.get("/api/v1/complaints?status=ACCEPTED&status=registered")
    assert twice.status == 422
    assert len((await several.json())["items"]) == 2


@pytest.mark.parametrize("number", ["TS261123000011", "TS1", "nothing", "%00", "TS26112300001%ED%A0%80", "9" * 400])
@ON_ONE
async def test_a_number_that_is_not_ours_is_not_found(office: Office, number: str) -> None:
    answer = await office.client.get(f"/api/v1/complaints/{number}")
    assert answer.status == 404
    assert (await answer.json())["code"] == "no_such_complaint"


async def test_the_timeline_is_read_page_by_page(office: Office) -> None:
    case = await office.complaint()
    first = await office.ask(f"/complaints/{case.number}/timeline", limit="1")
    second = await office.ask(f"/complaints/{case.number}/timeline", limit="1", after=str(first["next"]))
    assert [page["items"][0]["kind"] for page in (first, second)] == ["heard", "said"]
    assert second["next"] is None


async def test_a_change_of_status_is_kept_and_the_customer_is_told(office: Office) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/status", {"status": "investigating", "note": "正在调取病历"})
    ticket = await answer.json()
    assert answer.status == 200, ticket
    assert ticket["status"] == "INVESTIGATING"
    assert [(entry["kind"], entry["actor"]) for entry in ticket["timeline"][2:]] == [
        ("status", "api"),
        ("said", "gateway"),
    ]
    deliveries = (await office.ask(f"/complaints/{case.number}/deliveries"))["items"]
    assert [(each["state"], each["kind"], each["to"]["kind"]) for each in deliveries] == [
        ("waiting", "status", "openid")
    ]
    assert [action for _, action, _, _ in await office.audited()] == ["status"]


async def test_a_change_that_is_not_told_sends_nothing(office: Office) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/status", {"status": "GRADED", "tell": False})
    assert answer.status == 200
    assert (await office.ask(f"/complaints/{case.number}/deliveries"))["items"] == []


async def test_a_step_that_is_not_open_says_what_is(office: Office) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/status", {"status": "ARCHIVED"})
    problem = await answer.json()
    assert answer.status == 409
    assert problem["now"] == "ACCEPTED"
    assert set(problem["allowed"]) == {"GRADED", "WITHDRAWN", "INVESTIGATING", "SOLUTION"}


async def test_the_same_step_twice_is_told_once(office: Office) -> None:
    case = await office.complaint()
    path = f"/complaints/{case.number}/status"
    answers = [(await office.post(path, {"status": "INVESTIGATING"})).status for _ in range(2)]
    assert answers == [200, 409]
    assert len((await office.ask(f"/complaints/{case.number}/deliveries"))["items"]) == 1


async def test_a_system_refuses_no_complaint_alone_but_asks_a_person_to(office: Office) -> None:
    case = await office.complaint(status="REGISTERED")
    path = f"/complaints/{case.number}/status"
    silent = await office.post(path, {"status": "NOT_HANDLED", "note": "  "})
    spoken = await office.post(path, {"status": "NOT_HANDLED", "note": "不属于本公司业务"})
    asked = await office.post(f"/complaints/{case.number}/not-handled", {"code": "N4"})
    approval = (await asked.json())["id"]
    granted = await office.post(f"/approvals/{approval}/approve")
    assert [answer.status for answer in (silent, spoken, asked, granted)] == [409, 409, 200, 403]
    assert "note" in (await silent.json())["detail"]
    assert "second person" in (await spoken.json())["detail"]
    assert (await office.ask(f"/complaints/{case.number}"))["status"] == "REGISTERED"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "LOST"},
        {"status": None},
        {"status": "ACCEPTED", "tell": "yes"},
        {"status": "ACCEPTED", "note": "长" * 2001},
        {"status": "ACCEPTED", "note": "a\x00b"},
        {"status": "ACCEPTED", "note": "\ud800"},
        {"status": "ACCEPTED", "notes": ""},
        [],
    ],
)
@ON_ONE
async def test_a_change_that_means_nothing_is_told_so(office: Office, body: object) -> None:
    case = await office.complaint()
    answer = await office.post(f"/complaints/{case.number}/status", body)
    assert answer.status in (400, 422)
    assert (await office.ask(f"/complaints/{case.number}"))["status"] == "ACCEPTED"


async def test_a_complaint_that_is_not_there_cannot_be_moved(office: Office) -> None:
    answer = await office.post("/complaints/TS261123000019/status", {"status": "ACCEPTED"})
    assert answer.status == 404
