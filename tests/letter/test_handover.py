"""A scan goes over to the gateway: one letter, several, none; with enclosures, an envelope, a return slip."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest

from channels.base import HandIn, Item, Kept, Paper
from channels.errors import NotNow, Unreadable
from channels.letter.handover import Handover, Place
from channels.letter.items import Source, item_of
from channels.letter.limits import Limits
from channels.letter.slips import Slips
from normalizer.record import NOBODY, Gesture, Submission, Thread
from tests.letter.conftest import Room
from tests.letter.mailroom import COMPLAINT, scan

NUMBER = "TS261123000017"


def item(content: bytes, room: Room, **facts: object) -> Item:
    papers = (Paper(name="scan.pdf", content=content),)
    return item_of(HandIn(papers=papers, **facts), Source.UPLOAD, room.clock.now())  # type: ignore[arg-type]


async def read(room: Room, given: Item) -> Submission:
    channel = room.channel()
    channel.routes(room.desk)
    return await channel.read(given)


async def test_nobody_vouches_for_a_letter_but_its_writer_may_be_answered(room: Room) -> None:
    said = await read(room, item(scan(COMPLAINT), room, tracking_number="XA1", postmark=date(2026, 11, 19)))
    assert (said.sender, said.attested, said.may_answer, said.thread) == (NOBODY, False, True, None)
    assert said.scan is not None
    assert said.context == {"name": "scan.pdf", "tracking_number": "XA1", "postmark": "2026-11-19"}


async def test_each_enclosure_is_a_picture_with_a_name_and_the_letter_itself_comes_along(room: Room) -> None:
    content = scan("letter 请看附件\nblank\nid_card 陈建国\ninvoice 发票\npolicy 合同\nother 聊天\nenvelope 邮戳")
    said = await read(room, item(content, room))
    assert said.text == "请看附件"
    assert [(each.name, each.inline, each.media_type) for each in said.attachments] == [
        ("scan.pdf", True, "application/pdf"),
        ("身份证复印件（第3页）.jpg", False, "image/jpeg"),
        ("发票（第4页）.jpg", False, "image/jpeg"),
        ("保险合同（第5页）.jpg", False, "image/jpeg"),
        ("附件（第6页）.jpg", False, "image/jpeg"),
        ("信封（第7页）.jpg", False, "image/jpeg"),
    ]
    assert said.warnings == ()


async def test_enclosures_without_a_letter_reach_a_person_too(room: Room) -> None:
    said = await read(room, item(scan("id_card 陈建国"), room))
    assert (said.text, said.warnings) == ("", ("no_letter_page",))
    assert len(said.attachments) == 2


@pytest.mark.parametrize("content", [scan("blank"), scan("blank\nseparator"), b"no scan at all"])
async def test_blank_paper_cannot_be_read(room: Room, content: bytes) -> None:
    with pytest.raises(Unreadable):
        await read(room, item(content, room))


async def test_a_return_slip_of_ours_opens_its_case(room: Room) -> None:
    payload = await Slips(room.drawer).slip_for(NUMBER)
    said = await read(room, item(scan(f"slip {payload}\nslip 保单号PDAA1"), room))
    assert said.thread == Thread(number=NUMBER, by=("slip",), proven=True)
    assert said.warnings == ()


async def test_a_slip_with_a_wrong_check_only_claims_a_case(room: Room) -> None:
    said = await read(room, item(scan(f"slip TOUSU:SLIP:{NUMBER}:AAAAAAAA"), room))
    assert said.thread == Thread(number=NUMBER, by=("slip",), proven=False)
    assert said.warnings == ("slip_check_wrong",)


async def test_every_letter_of_a_file_is_an_item_of_its_own_before_the_file_counts_as_read(room: Room) -> None:
    whole = item(scan("letter 甲\nid_card 甲", "letter 乙"), room, received_on=date(2026, 11, 20), tracking_number="X")
    channel = room.channel()
    channel.routes(room.desk)
    said = await channel.read(whole)
    one, other = (room.desk.kept[f"{whole.key}/{n}"] for n in (1, 2))
    assert (said.gesture, said.text, said.warnings, said.attachments) == (Gesture.NOTED, "", ("batch:2",), ())
    assert one.envelope["pages"] == "1,2"
    assert other.envelope["pages"] == "3"
    assert other.raw == scan("letter 乙")
    assert other.received_at == whole.received_at
    assert (other.envelope["source"], other.envelope["tracking_number"]) == ("batch", "X")
    await channel.settled()
    assert sorted(room.desk.texts) == ["乙", "甲"]


async def test_letters_of_a_batch_are_read_once(room: Room) -> None:
    room.scan("batch.pdf", scan("letter 甲\nid_card 甲", "letter 乙", "letter 丙"))
    await room.works()
    assert sorted(room.desk.texts) == ["丙", "乙", "甲"]
    assert room.clerk.read_so_far == 4
    first = next(each for each in room.desk.submitted if each.text == "甲")
    assert first.scan is not None
    assert [page.number for page in first.scan.pages] == [1, 2]
    assert first.attachments[1].name == "身份证复印件（第2页）.jpg"


async def test_more_letters_than_are_held_are_read_again_and_none_is_missing(room: Room) -> None:
    room.limits = Limits(held=2)
    room.scan("batch.pdf", scan(*(f"letter 第{n}封" for n in range(6))))
    await room.works()
    assert sorted(room.desk.texts) == [f"第{n}封" for n in range(6)]
    assert room.clerk.read_so_far == 6 + 4


async def test_a_letter_of_a_batch_says_the_same_when_it_is_read_again(room: Room) -> None:
    whole = item(scan("letter 甲\nid_card 甲", "letter 乙"), room)
    channel = room.channel()
    channel.routes(room.desk)
    await channel.read(whole)
    await channel.settled()
    for child in (room.desk.kept[f"{whole.key}/{n}"] for n in (1, 2)):
        [first] = [each for each in room.desk.submitted if each.key == child.key]
        assert await channel.read(child) == first


async def test_the_same_item_asked_for_twice_at_a_time_is_read_once(room: Room) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    given = item(scan(COMPLAINT), room)
    one, other = await asyncio.gather(channel.read(given), channel.read(given))
    assert one is other
    assert room.clerk.read_so_far == 1


async def test_a_reader_that_does_not_start_is_not_the_letters_fault(room: Room) -> None:
    room.clerk.broken = [Unreadable("start: 读取程序未能启动")]
    given = item(scan(COMPLAINT), room)
    with pytest.raises(NotNow):
        await read(room, given)
    assert (await read(room, given)).text


async def test_what_was_handled_before_is_only_put_away(room: Room) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    handover = Handover(room.desk, channel)
    given = item(scan(COMPLAINT), room)
    assert await handover.hand(given) == (Place.PROCESSED, "")
    assert await room.desk.keep(given) is Kept.DONE
    assert await handover.hand(given) == (Place.PROCESSED, "")
    assert len(room.desk.submitted) == 1


async def test_a_letter_nobody_could_handle_goes_to_a_person_as_it_is(room: Room) -> None:
    given = item(scan(COMPLAINT), room)
    place, why = await Handover(room.desk, room.channel()).hand_unread(given, "gave up")
    assert (place, why) == (Place.QUARANTINE, "gave up")
    assert room.desk.submitted[0].raw == given.raw


async def test_what_was_set_aside_before_goes_to_quarantine_again_with_its_reason(room: Room) -> None:
    for name in ("1.pdf", "again.pdf"):
        room.scan(name, b"GIF89a what is this")
        await room.works()
    assert room.there("quarantine") == ["1.pdf", "1.pdf.why.txt", "again.pdf", "again.pdf.why.txt"]
    assert "the same came before" in room.why()[1]
    assert len(room.desk.submitted) == 1


async def test_a_letter_whose_pages_cannot_be_cut_out_now_waits_too(room: Room) -> None:
    room.clerk.uncut = [Unreadable("closed: 系统正在停止"), Unreadable("start: 读取程序未能启动")]
    given = item(scan("letter 甲", "letter 乙"), room)
    for _ in range(2):
        with pytest.raises(NotNow):
            await read(room, given)
    assert (await read(room, given)).warnings == ("batch:2",)


async def test_letters_of_a_batch_are_cut_out_and_kept_one_after_the_other(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    cut, keep = room.clerk.cut, room.desk.keep

    async def cutting(content: bytes, pages: Sequence[int]) -> bytes:
        steps.append("cut")
        return await cut(content, pages)

    async def keeping(letter: Item) -> Kept:
        steps.append("keep")
        return await keep(letter)

    monkeypatch.setattr(room.clerk, "cut", cutting)
    monkeypatch.setattr(room.desk, "keep", keeping)
    await read(room, item(scan(*(f"letter 第{n}封" for n in range(4))), room))
    assert steps[:8] == ["cut", "keep"] * 4
    assert len(room.desk.kept) == 4


async def test_of_a_batch_no_more_is_held_than_fits_and_every_letter_is_kept(room: Room) -> None:
    room.limits = Limits(held_bytes=100)
    channel = room.channel()
    channel.routes(room.desk)
    await channel.read(item(scan(*(f"letter 第{n}封" for n in range(9))), room))
    assert len(room.desk.kept) == 9
    assert 0 < int(channel.state()["reading"]) < 9
    await channel.settled()
