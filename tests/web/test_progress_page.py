"""The owner of a complaint looks how it stands: what they see, and what they can do."""

from __future__ import annotations

import pytest

from channels.base import OutboundKind
from gateway.app import Gateway
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.customers.links import holds, link_token, progress_link
from normalizer.record import Contact, ContactKind, Submission
from store.values import Case, OutboxState, Parcel
from tests.clock import SetClock
from tests.web.visitor import PHOTO, Seen, Visitor

WHOLE = {
    "matter": "车险理赔拖了两个月还没赔，一直说在审核",
    "request": "尽快赔付",
    "complainant_name": "王小明",
    "phone": "13812345678",
}
CHAT = "我叫王小明，电话13812345678，车险理赔拖了两个月还没赔，请尽快赔付"


async def only(gateway: Gateway) -> Case:
    async with gateway.house.store.reading() as unit:
        [case] = await unit.complaints.search()
    return case


async def parcels(gateway: Gateway, case: Case) -> list[Parcel]:
    async with gateway.house.store.reading() as unit:
        return await unit.outbox.of_complaint(case.id)


async def deliver(gateway: Gateway) -> None:
    while await gateway.worker.run_once():
        pass


async def moved(gateway: Gateway, *path: Status, note: str = "") -> None:
    case = await only(gateway)
    for status in path:
        await move(gateway.house, case.number, status, note=note, tell=True, actor="li.lei")


@pytest.fixture
async def inside(gateway: Gateway, visitor: Visitor) -> Seen:
    """A complaint was made, and its owner has come in."""
    page = await visitor.complain(**WHOLE)
    return await visitor.prove(page.number, "5678")


@pytest.fixture
async def from_a_chat(gateway: Gateway, visitor: Visitor) -> Case:
    openid = Contact(kind=ContactKind.OPENID, value="o1")
    await gateway.inbox.submit(
        Submission(channel="wechat", key="1", sender=openid, received_at=visitor.clock.now(), text=CHAT)
    )
    return await only(gateway)


async def test_state_date_and_what_we_said_are_shown_and_nothing_of_the_house(
    gateway: Gateway, visitor: Visitor, inside: Seen
) -> None:
    await moved(gateway, Status.INVESTIGATING)
    case = await only(gateway)
    async with gateway.house.store.unit() as unit:
        now = visitor.clock.now()
        await unit.timeline.add(case.id, at=now, kind="note", actor="li.lei", text="客户情绪激动")
        await unit.commit()
    page = await visitor.open("/progress")
    assert "正在调查核实" in page.role_status
    assert "12月8日" in page.role_status
    assert any("正在调查核实" in words for words in page.words)
    for secret in ("li.lei", "客户情绪激动", "王小明", "13812345678"):
        assert secret not in page.text


async def test_a_wrong_number_and_a_wrong_proof_read_the_same(visitor: Visitor, inside: Seen) -> None:
    await visitor.send("/progress/leave", {})
    wrong = await visitor.prove(inside.number, "0000")
    assert wrong.role_status == (await visitor.prove("TS261123999991", "5678")).role_status
    assert "尽快赔付" not in wrong.text


async def test_guessing_ends_but_the_owner_with_our_link_still_comes_in(
    gateway: Gateway, visitor: Visitor, from_a_chat: Case
) -> None:
    for guess in ("0000", "1111", "2222"):
        await visitor.prove(from_a_chat.number, guess)
    assert "已受理" not in (await visitor.prove(from_a_chat.number, "5678")).text
    link = progress_link(gateway.house, from_a_chat).removeprefix("http://tousu.example.cn")
    door = await visitor.open(link)
    assert from_a_chat.number in door.text
    assert "已受理" not in door.text, "a link alone opens nothing"
    token = link_token(gateway.house, from_a_chat.number)
    assert "已受理" in (await visitor.prove(from_a_chat.number, "5678", token)).role_status


async def test_a_link_is_for_one_complaint_and_ends(gateway: Gateway, clock: SetClock) -> None:
    token = link_token(gateway.house, "TS261123000019")
    assert holds(gateway.house, "TS261123000019", token)
    assert not holds(gateway.house, "TS261123000027", token)
    assert not holds(gateway.house, "TS261123000019", token[:-1] + ("0" if token[-1] != "0" else "1"))
    for bad in ("", ".", "zz", "zzzzzzzzzzzz.x", "é.x", "0." + token.partition(".")[2]):
        assert not holds(gateway.house, "TS261123000019", bad)
    clock.advance(days=31)
    assert not holds(gateway.house, "TS261123000019", token)


async def test_after_a_quarter_of_an_hour_the_page_asks_again_who_comes(visitor: Visitor, inside: Seen) -> None:
    visitor.clock.advance(minutes=16)
    assert 'name="proof"' in (await visitor.open("/progress")).text


async def test_news_on_the_page_counts_as_delivered_once_its_owner_has_looked(
    gateway: Gateway, visitor: Visitor, inside: Seen
) -> None:
    await moved(gateway, Status.INVESTIGATING)
    await deliver(gateway)
    [parcel] = await parcels(gateway, await only(gateway))
    assert (parcel.channel, parcel.state, parcel.via) == ("web", OutboxState.SENT, "page")
    await visitor.open("/progress")
    [parcel] = await parcels(gateway, await only(gateway))
    assert parcel.state is OutboxState.DELIVERED


async def test_words_and_papers_are_added_to_the_complaint_of_any_channel(
    gateway: Gateway, visitor: Visitor, from_a_chat: Case
) -> None:
    page = await visitor.prove(from_a_chat.number, "5678")
    added = await visitor.press(page, "/progress/add", {"发票.jpg": PHOTO}, words="补充一张发票，修车花了3600元")
    assert "已收到您的补充" in added.text
    case = await only(gateway)
    async with gateway.house.store.reading() as unit:
        assert [file.name for file in await unit.files.of_complaint(case.id)] == ["发票.jpg"]
        assert any("3600" in each.text for each in await unit.timeline.of(case.id) if each.kind == "heard")
    assert case.contact == from_a_chat.contact


async def test_papers_without_a_word_are_added_too(gateway: Gateway, visitor: Visitor, inside: Seen) -> None:
    await visitor.press(inside, "/progress/add", {"a.jpg": PHOTO})
    async with gateway.house.store.reading() as unit:
        assert len(await unit.files.of_complaint((await only(gateway)).id)) == 1


async def test_withdrawing_is_asked_once_and_the_owner_hears_of_it_where_they_came_by(
    gateway: Gateway, visitor: Visitor, from_a_chat: Case
) -> None:
    page = await visitor.prove(from_a_chat.number, "5678")
    asked = await visitor.press(page, "/progress/withdraw")
    assert "确定要撤回" in asked.text
    assert (await only(gateway)).status == Status.ACCEPTED
    done = await visitor.press(asked, "/progress/withdraw/yes")
    assert "已撤回" in done.role_status
    assert (await only(gateway)).status == Status.WITHDRAWN
    told = [each for each in await parcels(gateway, await only(gateway)) if each.kind == OutboundKind.STATUS]
    assert [(each.channel, each.to) for each in told] == [("wechat", from_a_chat.contact)]


async def test_who_does_not_mean_it_goes_on(gateway: Gateway, visitor: Visitor, inside: Seen) -> None:
    asked = await visitor.press(inside, "/progress/withdraw")
    page = await visitor.press(asked, "/progress/withdraw/no")
    assert "继续处理" in page.text
    assert (await only(gateway)).status == Status.ACCEPTED


async def test_rating_is_kept_and_not_solved_opens_it_again(gateway: Gateway, visitor: Visitor, inside: Seen) -> None:
    await moved(gateway, Status.INVESTIGATING, Status.DECIDED, Status.FOLLOW_UP, note="已赔付")
    page = await visitor.open("/progress")
    assert "请您评价" in page.text
    page = await visitor.press(page, "/progress/rate", score="2")
    assert "谢谢您的评价" in page.text
    case = await only(gateway)
    async with gateway.house.store.reading() as unit:
        scores = [each.text for each in await unit.timeline.of(case.id) if each.kind == "score"]
    assert scores == ["2"]
    page = await visitor.press(page, "/progress/reopen", why="还差一半没赔")
    assert (await only(gateway)).status == Status.REOPENED
    assert "请您评价" not in page.text


async def test_a_form_of_another_session_is_refused(visitor: Visitor, inside: Seen) -> None:
    refused = await visitor.send("/progress/withdraw/yes", {"csrf": "0" * 32, "token": "x"})
    assert refused.status == 403


async def test_an_english_complaint_is_withdrawn_in_english(gateway: Gateway, visitor: Visitor) -> None:
    visitor.headers = {"Accept-Language": "en"}
    made = await visitor.complain(
        matter="My claim has been waiting for two months",
        request="Please pay it",
        complainant_name="Ann Lee",
        phone="13812345678",
    )
    page = await visitor.prove(made.number, "5678")
    asked = await visitor.press(page, "/progress/withdraw")
    assert "really want to withdraw" in asked.text
    await visitor.press(asked, "/progress/withdraw/yes")
    case = await only(gateway)
    assert (case.status, case.record.language) == (Status.WITHDRAWN, "en")


async def test_the_links_in_our_messages_are_short_enough_for_a_text_message(
    gateway: Gateway, from_a_chat: Case
) -> None:
    assert len(progress_link(gateway.house, from_a_chat)) < 120
