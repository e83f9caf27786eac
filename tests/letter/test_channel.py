"""The channel as the gateway sees it: what is handed in, what is sent, how it is doing, when it is off."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from channels import BUILDERS
from channels.base import Channel, HandIn, Mailroom, Means, Off, Outbound, OutboundKind, Paper, Probe
from channels.errors import Misconfigured, Rejected, Unreachable, Unreadable
from channels.letter.build import build
from channels.letter.channel import LetterChannel, NotJoined
from channels.letter.limits import Limits
from channels.letter.printing.values import Ask, Decision
from channels.letter.reading.files.bundle import unbundle
from channels.letter.sending import paragraphs
from channels.letter.settings import LetterSettings
from gateway.settings import Settings
from normalizer.record import NOBODY, Contact, ContactKind
from tests.clock import SetClock
from tests.letter.conftest import Room
from tests.letter.mailroom import COMPLAINT, Drawer, scan

NUMBER = "TS261123000017"


def paper(content: bytes = b"", name: str = "信.pdf") -> Paper:
    return Paper(name=name, content=content or scan(COMPLAINT))


def outbound(**facts: object) -> Outbound:
    given = Outbound(
        id="p-1",
        channel="letter",
        to=Contact(kind=ContactKind.POST, value="江苏省南京市玄武区1号"),
        text="您好：\n第一段\n\n  第二段 \n \n",
        kind=OutboundKind.ANSWER,
        subject="关于您的来信",
        number=NUMBER,
        created_at=datetime(2026, 11, 22, 17, tzinfo=UTC),
        context={"name": "陈建国"},
    )
    return replace(given, **facts)  # type: ignore[arg-type]


async def test_what_is_handed_in_is_kept_at_once_and_read_soon(room: Room) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    key, new = await channel.hand_in(HandIn(papers=(paper(),), received_on=date(2026, 11, 20), tracking_number="X1"))
    assert new
    assert room.desk.kept[key].envelope == {
        "name": "信.pdf",
        "received_on": "2026-11-20",
        "tracking_number": "X1",
        "source": "upload",
    }
    await channel.settled()
    assert [each.key for each in room.desk.submitted] == [key]
    assert await channel.hand_in(HandIn(papers=(paper(),))) == (key, False)


async def test_several_papers_are_one_letter_and_the_envelope_lies_last(room: Room) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    papers = (paper(scan("letter 前"), "1.pdf"), paper(scan("letter 后"), "2.pdf"))
    cover = paper(b"\xff\xd8\xff \xff\xd9", "cover.jpg")
    key, _ = await channel.hand_in(HandIn(papers=papers, envelope=cover))
    await channel.settled()
    assert list(unbundle(room.desk.kept[key].raw)) == [*papers, cover]
    [said] = room.desk.submitted
    assert said.text == "前\n后"
    assert said.attachments[-1].name == "信封.jpg"


@pytest.mark.parametrize(
    ("papers", "limits"),
    [
        ((), Limits()),
        ((Paper(name="a.pdf", content=b""),), Limits()),
        ((paper(), paper(), paper()), Limits(files=2)),
        ((paper(),), Limits(largest=10)),
    ],
)
async def test_what_can_be_nothing_is_refused_at_the_desk(
    room: Room, papers: tuple[Paper, ...], limits: Limits
) -> None:
    room.limits = limits
    channel = room.channel()
    channel.routes(room.desk)
    with pytest.raises(Unreadable):
        await channel.hand_in(HandIn(papers=papers))
    assert room.desk.kept == {}


@pytest.mark.parametrize("day", [date(1926, 11, 23), date(1, 1, 1), date(2025, 11, 21), date(2026, 11, 24)])
async def test_a_day_on_which_no_post_of_today_can_have_come_is_refused_at_the_desk(room: Room, day: date) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    with pytest.raises(Unreadable, match="366"):
        await channel.hand_in(HandIn(papers=(paper(),), received_on=day))
    assert room.desk.kept == {}


@pytest.mark.parametrize("day", [date(2025, 11, 22), date(2026, 11, 23)])
async def test_post_that_lay_for_a_year_is_taken(room: Room, day: date) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    assert (await channel.hand_in(HandIn(papers=(paper(),), received_on=day)))[1]


async def test_a_letter_whose_reading_fails_stays_in_the_ledger_and_the_next_is_read(room: Room) -> None:
    room.clerk.broken = [RuntimeError("odd")]
    channel = room.channel()
    channel.routes(room.desk)
    key, _ = await channel.hand_in(HandIn(papers=(paper(scan("letter 一")),)))
    await channel.hand_in(HandIn(papers=(paper(scan("letter 二")),)))
    await channel.settled()
    assert room.desk.texts == ["二"]
    assert key in room.desk.kept


async def test_nothing_is_taken_before_the_gateway_is_there(room: Room) -> None:
    with pytest.raises(NotJoined):
        await room.channel().hand_in(HandIn(papers=(paper(),)))


async def test_stopping_lets_the_letter_in_hand_be_finished(room: Room) -> None:
    channel = room.channel()
    channel.routes(room.desk)
    await channel.hand_in(HandIn(papers=(paper(scan("letter 一")),)))
    await channel.aclose()
    assert room.desk.submitted == [] or room.desk.texts == ["一"]
    assert room.clerk.closed
    assert len(room.desk.kept) == 1


async def test_an_answer_is_printed_laid_into_the_tray_and_kept_as_it_was_printed(room: Room) -> None:
    asks, decision = [["policy_number", "您的保单号"]], {"verified": "已核实", "basis": "依据", "remedies": "申请复核"}
    told = {"name": "陈建国", "asks": json.dumps(asks), "decision": json.dumps(decision), "large": "yes"}
    receipt = await room.channel().send(outbound(context=told))
    [letter] = room.press.printed
    assert letter.paragraphs == ("您好：\n第一段", "第二段")
    assert (letter.name, letter.address, letter.title) == ("陈建国", "江苏省南京市玄武区1号", "")
    assert letter.asks == (Ask(name="policy_number", text="您的保单号"),)
    assert letter.decision == Decision(**decision)
    assert letter.slip.startswith(f"TOUSU:SLIP:{NUMBER}:")
    assert letter.large
    assert letter.written_on == date(2026, 11, 23)
    assert room.shelf is not None
    assert receipt.printed is not None
    assert receipt.printed.content == room.shelf.laid["p-1"].pdf
    assert (receipt.provider_id, receipt.via, receipt.printed.pages) == ("p-1", "print", 2)


async def test_the_same_delivery_attempted_again_is_the_same_letter(room: Room) -> None:
    first = await room.channel().send(outbound())
    assert await room.channel().send(outbound(attempt=2)) == first
    assert len(room.press.printed) == 1


async def test_a_letter_that_asks_nothing_has_no_slip(room: Room) -> None:
    await room.channel().send(outbound())
    assert room.press.printed[0].slip == ""


async def test_without_an_address_no_letter_can_reach_them(room: Room) -> None:
    for nowhere in (NOBODY, Contact(kind=ContactKind.POST, value=" "), Contact(kind=ContactKind.PHONE, value="1")):
        with pytest.raises(Unreachable, match="no postal address"):
            await room.channel().send(outbound(to=nowhere))


async def test_without_a_tray_letters_are_held_for_a_person(room: Room) -> None:
    room.shelf = None
    with pytest.raises(Misconfigured):
        await room.channel().send(outbound())


@pytest.mark.parametrize(
    "context", [{"asks": "{"}, {"asks": "[1]"}, {"asks": "[[1,2,3]]"}, {"decision": '{"basis": "x"}'}]
)
async def test_a_letter_that_was_told_wrongly_never_passes(room: Room, context: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        await room.channel().send(outbound(context=context))


async def test_a_press_without_fonts_shows_in_the_state_until_it_prints(room: Room) -> None:
    room.press.broken = [Misconfigured("letters need fonts")]
    channel = room.channel()
    with pytest.raises(Misconfigured):
        await channel.send(outbound())
    assert channel.state()["problem"] == "letters need fonts"
    await channel.send(outbound())
    assert "problem" not in channel.state()


async def test_the_state_says_how_many_pieces_wait(room: Room) -> None:
    room.scan("growing.pdf.part", b"")
    room.note("post.json", files=["never.pdf"])
    channel = await room.works()
    assert channel.state() == {"listening": "polling", "waiting": "1", "reading": "0"}


def test_paragraphs_lie_between_empty_lines() -> None:
    assert paragraphs("一\r\n\r\n二\n\u3000\n三\n四") == ("一", "二", "三\n四")
    assert paragraphs(" \n\n ") == ()


async def test_without_a_folder_it_is_off_and_with_one_it_is_a_channel_with_its_abilities(tmp_path: Path) -> None:
    built = build(means(Settings.model_validate({"letter_in": None})))
    assert isinstance(built, Off)
    assert built.why == "TOUSU_LETTER_IN is not set"
    channel = build(means(Settings.model_validate({"letter_in": tmp_path / "in", "letter_out": tmp_path / "out"})))
    assert isinstance(channel, LetterChannel)
    assert isinstance(channel, Mailroom)
    assert isinstance(channel, Probe)
    as_every_channel: Channel = channel
    assert as_every_channel.name == "letter"
    assert BUILDERS["letter"] is build
    await channel.aclose()


@pytest.mark.parametrize("out", ["in", "in/out", "."])
def test_our_own_letters_must_not_fall_into_the_folder_of_scans(tmp_path: Path, out: str) -> None:
    with pytest.raises(ValueError, match="TOUSU_LETTER_OUT"):
        LetterSettings(folder=tmp_path / "in", out=tmp_path / out)


def means(settings: Settings) -> Means:
    return Means(settings=settings.for_channels(), memory=Drawer(), clock=SetClock())
