"""Somebody complains on the website: what they are asked, what is kept, and what they are told."""

from __future__ import annotations

import asyncio

import pytest

from gateway.app import Gateway
from gateway.casework.lifecycle import Status
from gateway.customers.limits import Limits
from store.values import Case, Task
from tests.clock import SetClock
from tests.web.visitor import DECLARED, PHOTO, Visitor, hidden, visiting

ON_ONE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
MATTER = "车险理赔拖了两个月还没赔，一直说在审核"
WHOLE = {"matter": MATTER, "request": "尽快赔付", "complainant_name": "王小明", "phone": "138 1234 5678"}


async def cases(gateway: Gateway) -> list[Case]:
    async with gateway.house.store.reading() as unit:
        return list(await unit.complaints.search(limit=50))


async def tasks(gateway: Gateway) -> list[Task]:
    async with gateway.house.store.reading() as unit:
        return list(await unit.tasks.list())


async def test_a_whole_form_is_accepted_and_its_number_and_date_are_shown(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain({"保单.jpg": PHOTO}, **WHOLE, policy_number="PDAA202641010000123456")

    [case] = await cases(gateway)
    assert case.status == Status.ACCEPTED
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("phone") == "+8613812345678"
    assert case.record.value("policy_number") == "PDAA202641010000123456"
    assert page.path == "/complain/done"
    assert page.number == case.number
    assert "12月8日" in page.text
    assert "王小明" not in page.text, "a receipt names people masked"
    async with gateway.house.store.reading() as unit:
        [file] = await unit.files.of_complaint(case.id)
        assert await gateway.house.store.blobs.get(file.sha256) == PHOTO
    assert file.name == "保单.jpg"


async def test_exactly_what_is_missing_is_asked_and_everything_typed_is_kept(
    gateway: Gateway, visitor: Visitor
) -> None:
    page = await visitor.complain(matter=MATTER, request="尽快赔付")

    assert page.path == "/complain"
    assert page.wrong == {"complainant_name", "phone"}
    assert MATTER in page.text
    assert "尽快赔付" in page.text
    [case] = await cases(gateway)
    assert page.number == case.number

    page = await visitor.press(
        page, "/complain", **DECLARED, matter=MATTER, request="尽快赔付", complainant_name="王小明", phone="13812345678"
    )
    [case] = await cases(gateway)
    assert page.path == "/complain/done"
    assert case.status == Status.ACCEPTED
    assert case.record.value("matter") == MATTER


async def test_a_number_that_cannot_be_one_is_said_so_at_its_field(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(**{**WHOLE, "phone": "138123"})
    assert page.wrong == {"phone"}
    assert "不完整" in page.text
    assert 'value="138123"' in page.text
    [case] = await cases(gateway)
    assert case.record.missing == ("contact",)


async def test_a_misprinted_id_does_not_keep_the_complaint_but_is_told(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(**WHOLE, id_number="110101199003077775")
    [case] = await cases(gateway)
    assert case.status == Status.ACCEPTED
    assert not case.record.value("id_number")
    assert "身份证号对不上" in page.text
    async with gateway.house.store.reading() as unit:
        moments = await unit.timeline.of(case.id)
    assert any("110101199003077775" in each.text for each in moments if each.kind == "heard"), (
        "staff see what was typed"
    )


async def test_a_double_click_and_a_reload_are_one_complaint_and_one_answer(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.open("/complain")
    visitor.clock.advance(seconds=20)
    values = {**hidden(page, "/complain"), **DECLARED, **WHOLE}
    first = await visitor.send("/complain", values)
    second = await visitor.send("/complain", values)
    assert first.number == second.number
    assert len(await cases(gateway)) == 1


async def test_two_clicks_at_the_same_moment_are_one_complaint(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.open("/complain")
    visitor.clock.advance(seconds=20)
    values = {**hidden(page, "/complain"), **DECLARED, **WHOLE}
    both = await asyncio.gather(*[visitor.send("/complain", values) for _ in range(3)])
    assert len({each.number for each in both}) == 1
    [case] = await cases(gateway)
    async with gateway.house.store.reading() as unit:
        said = [each for each in await unit.timeline.of(case.id) if each.kind == "said"]
    assert len(said) == 1


async def test_nothing_told_is_no_complaint_and_what_is_there_stays(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(complainant_name="王小明")
    assert page.wrong == {"matter"}
    assert "王小明" in page.text
    assert not await cases(gateway)


async def test_an_undeclared_form_comes_back(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.press(await visitor.open("/complain"), "/complain", **WHOLE)
    assert page.wrong == {"declared"}
    assert not await cases(gateway)


async def test_a_half_filled_form_survives_and_can_be_forgotten(gateway: Gateway, visitor: Visitor) -> None:
    await visitor.press(await visitor.open("/complain"), "/complain", matter="", request="")
    page = await visitor.open("/complain")
    saved = await visitor.send("/complain/draft", {**hidden(page, "/complain"), "matter": "退保少退了三千元"})
    assert "草稿已保存" in saved.text
    again = await visitor.open("/complain")
    assert "退保少退了三千元" in again.text
    forgotten = await visitor.press(again, "/complain/forget")
    assert "退保少退了三千元" not in forgotten.text
    assert not await cases(gateway)


async def test_more_words_and_papers_go_to_the_same_complaint(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(**WHOLE)
    page = await visitor.press(page, "/complain/add", {"a.jpg": PHOTO}, matter="补充：昨天又打电话问了，还是没有结果")
    assert "已登记到这件投诉" in page.text
    [case] = await cases(gateway)
    async with gateway.house.store.reading() as unit:
        assert len(await unit.files.of_complaint(case.id)) == 1
        assert any("还是没有结果" in each.text for each in await unit.timeline.of(case.id))


async def test_another_complaint_is_another_number(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(**WHOLE)
    form = await visitor.press(page, "/complain/new")
    assert MATTER not in form.text
    other = await visitor.press(
        form, "/complain", **DECLARED, **{**WHOLE, "matter": "退保的时候少退了三千元，说是手续费"}
    )
    assert other.number != page.number
    assert len(await cases(gateway)) == 2


async def test_danger_is_answered_calmly_at_once_and_somebody_is_paged(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain(matter="你们再不赔我就不想活了，安眠药都准备好了")
    assert page.path == "/complain/done"
    assert "12356" in page.text
    assert not page.wrong
    [task] = [task for task in await tasks(gateway) if task.kind == "page"]
    assert task.reason == "self_harm"


async def test_a_form_that_was_not_ours_is_refused_and_not_stored(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.open("/complain")
    refused = await visitor.send("/complain", {**hidden(page, "/complain"), "csrf": "0" * 32, **WHOLE})
    assert refused.status == 403
    assert not await cases(gateway)


async def test_a_program_in_a_coat_is_not_taken_and_the_words_stay(gateway: Gateway, visitor: Visitor) -> None:
    page = await visitor.complain({"photo.jpg": b"MZ\x90\x00" + b"x" * 50}, **WHOLE)
    assert "不是我们能接收的类型" in page.text
    assert MATTER in page.text
    assert not await cases(gateway)


async def test_a_machine_that_fills_the_trap_or_is_too_quick_is_asked_again(gateway: Gateway, visitor: Visitor) -> None:
    trapped = await visitor.complain(**WHOLE, website="https://spam.example")
    assert "再提交一次" in trapped.text
    await visitor.press(trapped, "/complain/forget")
    page = await visitor.open("/complain")
    quick = await visitor.send("/complain", {**hidden(page, "/complain"), **DECLARED, **WHOLE})
    assert "再提交一次" in quick.text
    assert not await cases(gateway)


async def test_beyond_the_limit_people_are_told_to_call_and_nothing_typed_is_lost(
    gateway: Gateway, clock: SetClock
) -> None:
    async with visiting(gateway, clock, Limits(visit=1)) as visitor:
        page = await visitor.complain(matter=MATTER)
        page = await visitor.press(page, "/complain", **DECLARED, **WHOLE)
        assert "打电话" in page.text
        assert "王小明" in page.text


async def test_what_is_no_form_is_kept_for_a_person(gateway: Gateway, visitor: Visitor) -> None:
    await visitor.open("/complain")
    response = await visitor.client.post(
        "/complain", data=b"--x\r\nhalf a form", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status == 400
    assert "quarantine" in {task.kind for task in await tasks(gateway)}


@ON_ONE
async def test_of_many_bodies_that_are_no_form_one_an_hour_is_kept_for_a_person(
    gateway: Gateway, visitor: Visitor
) -> None:
    await visitor.open("/complain")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    pages = []
    for turn in range(4):
        answer = await visitor.client.post("/complain", data=b"--x\r\nhalf a form %d" % turn, headers=headers)
        pages.append((answer.status, "已转给工作人员" in await answer.text()))
    assert pages == [(400, True), (400, False), (400, False), (400, False)]
    assert len(await cases(gateway)) == 1


@ON_ONE
async def test_bodies_that_are_no_form_count_against_the_limit_of_their_visit(
    gateway: Gateway, clock: SetClock
) -> None:
    async with visiting(gateway, clock, Limits(visit=0)) as visitor:
        await visitor.open("/complain")
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert (await visitor.client.post("/complain", data=b"--x\r\nhalf", headers=headers)).status == 429
    assert not await cases(gateway)


@ON_ONE
async def test_a_story_longer_than_the_form_takes_is_kept_to_its_last_word(gateway: Gateway, visitor: Visitor) -> None:
    told = f"{MATTER}。{'长' * 70_000}最后这句最要紧"
    await visitor.complain(**{**WHOLE, "matter": told, "request": f"尽快赔付{'请' * 3000}不要再拖"})
    [case] = await cases(gateway)
    async with gateway.house.store.reading() as unit:
        [heard] = [each.text for each in await unit.timeline.of(case.id) if each.kind == "heard"]
    assert "最后这句最要紧" in heard
    assert "不要再拖" in heard


@ON_ONE
async def test_drafts_without_end_are_not_kept_and_what_was_typed_is_shown_again(
    gateway: Gateway, clock: SetClock
) -> None:
    async with visiting(gateway, clock, Limits(drafts=1)) as visitor:
        typed = {**hidden(await visitor.open("/complain"), "/complain"), "matter": "驫" * 40_000}
        assert (await visitor.send("/complain/draft", typed)).status == 200
        assert (await visitor.open("/complain")).text.count("驫") == 15_000
        flooded = await visitor.send("/complain/draft", {**typed, "matter": MATTER})
        assert MATTER in flooded.text
        assert "打电话" in flooded.text
        assert MATTER not in (await visitor.open("/complain")).text


async def test_an_english_visitor_is_asked_and_answered_in_english(gateway: Gateway, visitor: Visitor) -> None:
    visitor.headers = {"Accept-Language": "en-GB"}
    page = await visitor.complain(matter="My claim has been waiting for two months", request="Please pay it")
    assert page.wrong == {"complainant_name", "phone"}
    assert "one is enough" in page.text
    page = await visitor.press(
        page,
        "/complain",
        **DECLARED,
        matter="My claim has been waiting for two months",
        request="Please pay it",
        complainant_name="John O'Neil",
        phone="13812345678",
    )
    [case] = await cases(gateway)
    assert case.record.language == "en"
    assert case.record.value("complainant_name") == "John O'Neil"
    assert "accepted" in page.text


async def test_what_somebody_wrote_is_shown_as_text(visitor: Visitor) -> None:
    page = await visitor.complain(matter="<script>alert(1)</script> 理赔太慢")
    assert "<script>alert" not in page.text


async def test_a_refused_file_and_a_missing_tick_are_said_at_their_fields_without_anything_vague(
    visitor: Visitor,
) -> None:
    page = await visitor.open("/complain")
    page = await visitor.send("/complain", {**hidden(page, "/complain"), **WHOLE}, {"a.exe": b"MZ" + b"x" * 40})
    assert page.wrong == {"files", "declared"}
    assert "再提交一次" not in page.text
