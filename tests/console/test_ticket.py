"""The ticket as officers use it: what it shows and hides, what is sent only after it was read, and who may do what."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from gateway.casework.doubts import ALIKE, MERGED_HEARD, STRANGER
from gateway.console.ticket.acts import ACTS
from gateway.staff.actor import COOKIE, Role
from normalizer.number import make_number
from normalizer.record import Contact, ContactKind
from store.desk import Person, Text
from store.people import Secrets
from store.unit import Store
from store.values import OutboxState, Parcel
from tests.console.tickets import REASON, Floor, open_floor
from tests.staff.office import NAME, ON_ONE, PHONE, PRIVATE

MOST_STATEMENTS = 30


@pytest.fixture
async def floor(store: Store) -> AsyncIterator[Floor]:
    async with open_floor(store) as opened:
        yield opened


async def test_a_ticket_shows_the_record_its_sources_and_the_talk_and_nobody_plainly(floor: Floor) -> None:
    case = await floor.office.complaint()
    await floor.office.file(case)
    page = await floor.page(case)
    assert [private for private in PRIVATE if private in page] == []
    for words in ("张*三", "把握 90%", "规则识别", "投诉已受理", "另有：139******11", "还剩 15 天", "一般期限15日"):
        assert words in page, words
    assert "/files/" not in page


async def test_plain_values_are_shown_for_a_reason_ten_minutes_on_one_ticket_in_one_session(floor: Floor) -> None:
    case, other = await floor.office.complaint(), await floor.office.complaint()
    token = await floor.revealed(case)
    assert NAME in await floor.page(case, tousu_reveal=token)
    assert ("supervisor", "unmask", case.number, {"reason": REASON, "what": "ticket"}) in await floor.office.audited()
    assert NAME not in await floor.page(other, tousu_reveal=token)
    assert NAME not in await floor.page(case, tousu_reveal=token[:-4] + "AAAA")
    floor.desk.as_(Role.OFFICER, name="陆")
    assert NAME not in await floor.page(case, tousu_reveal=token)
    floor.desk.cookie = "supervisor"
    floor.house.clock.advance(minutes=11)  # type: ignore[attr-defined]  # it is a SetClock
    assert NAME not in await floor.page(case, tousu_reveal=token)


async def test_without_a_reason_nothing_is_shown_plainly(floor: Floor) -> None:
    case = await floor.office.complaint()
    answer = await floor.desk.post(f"/complaints/{case.number}/reveal", {"reason": "  "})
    assert answer.status == 422
    assert "tousu_reveal" not in answer.cookies
    floor.desk.as_(Role.CLERK)
    assert (await floor.desk.post(f"/complaints/{case.number}/reveal", {"reason": "x"})).status == 403


async def test_files_open_for_a_reason_inert_and_audited(floor: Floor) -> None:
    case, other = await floor.office.complaint(), await floor.office.complaint()
    pdf = await floor.office.file(case)
    script = await floor.office.file(case, content=b"<script>", media_type="image/svg+xml", name="x.svg")
    path = f"/console/complaints/{case.number}/files/"
    shut = await floor.desk.get(f"/complaints/{case.number}/files/{pdf.id}")
    assert (shut.status, shut.headers["Location"]) == (303, f"/console/complaints/{case.number}?said=reveal_first")
    cookies = {COOKIE: floor.desk.cookie, "tousu_reveal": await floor.revealed(case)}
    answer = await floor.desk.client.get(f"{path}{pdf.id}", cookies=cookies)
    assert await answer.read() == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    kept = await floor.desk.client.get(f"{path}{script.id}", cookies=cookies)
    assert kept.headers["Content-Type"] == "application/octet-stream"
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in kept.headers["Content-Security-Policy"]
    assert (await floor.desk.client.get(f"{path}nothing", cookies=cookies)).status == 404
    mine = {COOKIE: floor.desk.cookie, "tousu_reveal": await floor.revealed(other)}
    strange = await floor.desk.client.get(f"/console/complaints/{other.number}/files/{pdf.id}", cookies=mine)
    assert strange.status == 404
    assert [subject for _, action, subject, facts in await floor.office.audited() if "attachment" in str(facts)]


async def test_the_original_is_given_out_only_with_the_complaint_it_belongs_to(floor: Floor) -> None:
    case, other = await floor.office.complaint(), await floor.office.complaint()
    async with floor.house.store.unit() as unit:
        entry = await unit.ledger.enter(
            channel="wechat", key="o", received_at=floor.house.clock.now(), raw=b"<xml>one</xml>", envelope={}
        )
        await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="", complaint_id=case.id)
        await unit.commit()
    path = f"/items/{entry.id}"
    mine = {COOKIE: floor.desk.cookie, "tousu_reveal": await floor.revealed(case)}
    answer = await floor.desk.client.get(f"/console/complaints/{case.number}{path}", cookies=mine)
    assert await answer.read() == b"<xml>one</xml>"
    theirs = {COOKIE: floor.desk.cookie, "tousu_reveal": await floor.revealed(other)}
    assert (await floor.desk.client.get(f"/console/complaints/{other.number}{path}", cookies=theirs)).status == 404


async def test_a_reply_is_read_before_it_leaves_and_leaves_as_it_was_read(floor: Floor) -> None:
    case = await floor.office.complaint()
    shown = await floor.told(case, "reply", text="您好，我们正在核实。")
    [parcel] = await floor.parcels(case)
    assert parcel.text == shown == "您好，我们正在核实。"


async def test_news_on_a_page_that_nobody_opened_is_called_unread_and_a_visit_by_its_channel(floor: Floor) -> None:
    visit = Contact(kind=ContactKind.VISIT, value="88618903e350")
    case = await floor.office.complaint()
    sent_at = floor.house.clock.now()
    async with floor.house.store.unit() as unit:
        web = await unit.complaints.create(
            channel="web",
            contact=visit,
            conversation_id=None,
            received_at=case.received_at,
            due_at=case.due_at,
            status=case.status,
            record=case.record,
            reply_context={},
            attested=True,
            number=make_number(sent_at.date(), 77),
        )
        page = Parcel(
            id="page1",
            channel="web",
            to=visit,
            kind="status",
            text="有进展",
            created_at=sent_at,
            next_at=sent_at,
            complaint_id=web.id,
        )
        await unit.outbox.put(page)
        await unit.outbox.sent(page.id, provider_id=page.id, via="page", at=sent_at)
        await unit.commit()
    shown = await floor.page(web)
    _, preview = await floor.act(web, "reply", text="您好")
    assert "已放在查询页，客户未读" in shown
    assert "对方已接收" not in shown
    assert "来自 网站" in shown
    assert "客户将在网站收到" in preview
    for text in (shown, preview):
        assert visit.value not in text
        assert "****50" not in text


async def test_what_was_changed_after_the_preview_is_shown_again(floor: Floor) -> None:
    case = await floor.office.complaint()
    _, page = await floor.act(case, "reply", text="甲")
    [seen] = re.findall(r'name="seen" value="(\w+)"', page)
    status, page = await floor.act(case, "reply", text="乙", seen=seen)
    assert status == 200
    assert "乙" in page
    assert await floor.parcels(case) == []


async def test_a_status_is_moved_with_the_words_the_customer_gets(floor: Floor) -> None:
    case = await floor.office.complaint()
    shown = await floor.told(case, "move", status="INVESTIGATING", note="调查员将联系您", tell="1")
    assert case.number in shown
    assert [parcel.text for parcel in await floor.parcels(case)] == [shown]
    assert (await floor.reread(case)).status == "INVESTIGATING"


async def test_a_step_that_is_not_told_needs_no_preview(floor: Floor) -> None:
    case = await floor.office.complaint()
    assert (await floor.act(case, "move", status="GRADED"))[0] == 303
    assert await floor.parcels(case) == []


async def test_a_step_that_is_not_open_is_refused_in_place_and_keeps_what_was_typed(floor: Floor) -> None:
    case = await floor.office.complaint()
    status, page = await floor.act(case, "move", status="ARCHIVED", note="很长的说明", tell="1")
    assert status == 409
    assert "现在不能变更到这个状态" in page
    assert "很长的说明</textarea>" in page
    assert (await floor.reread(case)).status == "ACCEPTED"


async def test_the_customer_is_asked_for_what_is_missing_after_it_was_read(floor: Floor) -> None:
    case = await floor.office.complaint()
    shown = await floor.told(case, "ask", item="evidence", words="请附发票")
    assert "请附发票" in shown
    assert (await floor.act(case, "ask"))[0] == 422


async def test_a_value_is_confirmed_unseen_and_corrected_with_its_checks(floor: Floor) -> None:
    case = await floor.office.complaint()
    assert (await floor.act(case, "confirm", field="phone"))[0] == 303
    found = (await floor.reread(case)).record
    assert (found.fields["phone"].value, found.fields["phone"].method) == (PHONE, "staff")
    status, page = await floor.act(case, "correct", field="id_number", value="110101199003074515")
    assert status == 422
    assert "校验位不符" in page
    assert (await floor.act(case, "correct", field="policy_number", value="pa 777"))[0] == 303
    assert (await floor.reread(case)).record.value("policy_number") == "PA777"
    assert (await floor.act(case, "correct", field="nonsense", value="x"))[0] == 422


async def test_graded_classified_noted_and_assigned(floor: Floor) -> None:
    case = await floor.office.complaint()
    assert (await floor.act(case, "grade", priority="P1", reason="媒体"))[0] == 303
    assert (await floor.act(case, "classify", category_detail="C0103", reason="核对"))[0] == 303
    assert (await floor.act(case, "note", text="已电话联系"))[0] == 303
    async with floor.house.store.unit() as unit:
        person = Person(
            id=0, login="li", name="李小红", roles=frozenset({"officer"}), created_at=floor.house.clock.now()
        )
        li = await unit.people.add(person, Secrets(password="x"))
        await unit.commit()
    assert (await floor.act(case, "assign", person=str(li)))[0] == 303
    page = await floor.page(case)
    for words in ("P1 重大", "理赔时效", "已电话联系", "<b>李小红</b>"):
        assert words in page, words
    assert (await floor.act(case, "grade", priority="P1", reason=""))[0] == 422


async def test_two_complaints_are_linked_merged_and_apart_again(floor: Floor) -> None:
    first, second = await floor.office.complaint(), await floor.office.complaint()
    assert (await floor.act(second, "link", other=first.number, kind="merge", reason="同一件事"))[0] == 303
    page = await floor.page(second)
    assert "已合并" in page
    assert first.number in page
    assert (await floor.act(second, "unmerge", reason="两件事"))[0] == 303
    assert (await floor.reread(second)).merged_into is None
    assert (await floor.act(second, "link", other="not a number", reason="x"))[0] == 422


async def test_not_handling_needs_a_second_person_who_sees_it_on_the_ticket(floor: Floor) -> None:
    case = await floor.office.complaint(status="REGISTERED")
    floor.desk.as_(Role.OFFICER, name="陆")
    await floor.told(case, "refuse", code="N1", note="请补授权书")
    floor.desk.cookie = "supervisor"
    page = await floor.page(case)
    assert "待审批" in page
    [approval] = set(re.findall(r'name="approval" value="(\d+)"', page))
    assert (await floor.act(case, "approve", approval=approval))[0] == 303
    assert (await floor.reread(case)).status == "NOT_HANDLED"


async def test_the_clock_is_extended_and_says_why(floor: Floor) -> None:
    case = await floor.office.complaint()
    assert (await floor.act(case, "clock", what="extend", reason="需要鉴定"))[0] == 303
    assert "情况复杂" in await floor.page(case)
    status, page = await floor.act(case, "clock", what="extend", reason="再来")
    assert status == 409
    assert "已经延长过" in page
    assert (await floor.act(case, "clock", what="agree", reason="x", until="someday"))[0] == 422


async def test_canned_words_are_offered_in_the_customers_language(floor: Floor) -> None:
    case = await floor.office.complaint()
    async with floor.house.store.unit() as unit:
        for language in ("zh-Hans", "en"):
            text = Text(name=f"问候-{language}", language=language, use="reply", text="您好，{number}")
            await unit.texts.add(text, by="x", at=floor.house.clock.now())
        await unit.commit()
    page = await floor.page(case)
    assert f'<option value="您好，{case.number}">问候-zh-Hans</option>' in page
    assert "问候-en" not in page


async def test_what_was_sent_stands_there_with_its_proof(floor: Floor) -> None:
    case = await floor.office.complaint()
    parcel = await floor.office.parcel(case)
    async with floor.house.store.unit() as unit:
        await unit.outbox.sent(parcel.id, provider_id="wx-77", via="template", at=floor.house.clock.now())
        await unit.outbox.set_state(parcel.id, OutboxState.DELIVERED)
        await unit.commit()
    page = await floor.page(case)
    assert "已送达" in page
    assert "对方回执号 wx-77" in page


async def test_whoever_may_not_know_of_a_complaint_finds_none_and_changes_none(floor: Floor) -> None:
    case = await floor.office.complaint(respondent="北京分公司李小红")
    for name, branches in (("李小红", None), ("陆", frozenset({"310000"}))):
        floor.desk.as_(Role.OFFICER, name=name, branches=branches)
        assert "没有这件投诉" in await floor.page(case, status=404)
        assert (await floor.act(case, "note", text="x"))[0] == 404
        assert (await floor.desk.post(f"/complaints/{case.number}/reveal", {"reason": "x"})).status == 404
    assert (await floor.desk.get("/complaints/TS000000000000")).status == 404


@ON_ONE
@pytest.mark.parametrize("act", sorted(ACTS))
async def test_nobody_acts_without_the_right(floor: Floor, act: str) -> None:
    case = await floor.office.complaint()
    for role in (Role.CLERK, Role.AUDITOR):
        floor.desk.as_(role)
        assert (await floor.act(case, act, reason="x"))[0] == 403
        assert f"/acts/{act}" not in await floor.page(case)


@ON_ONE
@pytest.mark.parametrize("act", sorted(ACTS))
async def test_a_form_that_says_nothing_is_told_so_in_place(floor: Floor, act: str) -> None:
    case = await floor.office.complaint()
    status, _ = await floor.act(case, act)
    assert status in (409, 422)
    assert (await floor.act(case, "dance"))[0] == 404


@ON_ONE
async def test_what_customers_write_is_text_wherever_it_stands(floor: Floor) -> None:
    case = await floor.office.complaint(matter="<script>alert(1)</script>", request="<img src=x onerror=alert(1)>")
    answer = await floor.desk.get(f"/complaints/{case.number}")
    raw = await answer.text()
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    assert "style=" not in raw
    assert "onclick" not in raw


async def test_a_ticket_costs_a_bounded_number_of_statements_whatever_its_history(floor: Floor) -> None:
    case, costs = await floor.office.complaint(), []
    for more in (1, 40):
        async with floor.house.store.unit() as unit:
            for _ in range(more):
                now = floor.house.clock.now()
                await unit.timeline.add(case.id, at=now, kind="said", actor="gateway", text="进展")
            await unit.commit()
        before = floor.house.store.statements
        await floor.page(case)
        costs.append(floor.house.store.statements - before)
    assert costs[0] == costs[1] <= MOST_STATEMENTS


async def test_an_auditor_sees_who_looked(floor: Floor) -> None:
    case = await floor.office.complaint()
    await floor.page(case, tousu_reveal=await floor.revealed(case))
    floor.desk.as_(Role.AUDITOR)
    page = await floor.page(case)
    assert "unmask" in page
    assert REASON in page
    floor.desk.as_(Role.OFFICER, name="陆")
    assert "unmask" not in await floor.page(case)


@ON_ONE
@pytest.mark.parametrize("reason", [STRANGER, MERGED_HEARD, ALIKE])
async def test_the_tasks_of_a_ticket_name_no_complaint_that_they_may_not_know_of(floor: Floor, reason: str) -> None:
    hidden, shown = await floor.office.complaint(respondent="李小红"), await floor.office.complaint()
    words = "另一件事的内容" if reason == MERGED_HEARD else ""
    await floor.office.task(shown, id="t1", kind="review", reason=reason, detail=f"{hidden.number}\n{words}")
    floor.desk.as_(Role.OFFICER, name="陆")
    page = await floor.page(shown)
    assert hidden.number in page
    assert words in page
    floor.desk.as_(Role.OFFICER, name="李小红")
    page = await floor.page(shown)
    assert hidden.number not in page
    assert not words or words not in page


@ON_ONE
async def test_a_step_of_another_complaint_is_not_decided_from_this_page(floor: Floor) -> None:
    hidden = await floor.office.complaint(status="REGISTERED", respondent="王主管")
    shown = await floor.office.complaint()
    floor.desk.as_(Role.OFFICER, name="陆")
    await floor.told(hidden, "refuse", code="N1", note="请补授权书")
    async with floor.house.store.reading() as unit:
        [asked] = await unit.approvals.of_complaint(hidden.id)
    for name in ("王主管", "周主管"):
        floor.desk.as_(Role.SUPERVISOR, name=name)
        for act in ("approve", "disapprove", "take_back"):
            assert (await floor.act(shown, act, approval=str(asked.id), reason="x"))[0] == 409
    assert (await floor.reread(hidden)).status == "REGISTERED"
