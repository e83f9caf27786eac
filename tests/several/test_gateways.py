"""Two gateways share one database, one mailbox and one folder: all is done once, and a dead one is followed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from channels.base import AnswerKind
from gateway.app import Gateway
from gateway.turns import HERE, NOBODY, Pace
from normalizer.record import Contact, ContactKind, Submission
from tests.postgres import Databases
from tests.several.town import Town, town
from tests.waiting import until

MAILS, SCANS = 12, 6


@pytest.fixture
async def place(postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    async with town(await postgres.emptied(), tmp_path, monkeypatch) as made:
        yield made


async def test_each_mail_and_each_scan_is_taken_once_and_everything_is_tended_by_one(place: Town) -> None:
    place.write(range(MAILS))
    place.post(range(SCANS))
    one, two = await place.start(), await place.start()
    await place.all_handled(email=MAILS, letter=SCANS)
    assert len(place.kept) == MAILS + SCANS
    assert set(place.kept.values()) == {1}
    here = [{name for name, by in each.turns.facts().items() if by == HERE} for each in (one, two)]
    assert here[0] | here[1] >= {"listen-email", "listen-letter", "clocks", "remind", "resume"}
    assert not here[0] & here[1]
    leaving = await place.tending("listen-email")
    staying = two if leaving is one else one
    await who_tends_what_is_told(staying)
    await leaving.supervisor.aclose()
    await staying.turns.beat()
    assert set(staying.turns.facts().values()) == {HERE}, "who stops in order hands over at once"


async def who_tends_what_is_told(standing_by: Gateway) -> None:
    """Standing by is no problem."""
    await standing_by.turns.beat()
    async with TestClient(TestServer(standing_by.app)) as client:
        response = await client.get("/readyz")
        told = await response.json()
    assert response.status == 200, told["problems"]
    assert told["parts"]["turns"]["listen-email"] not in (HERE, NOBODY, "")


async def test_the_same_message_given_to_two_gateways_at_once_is_one_complaint_with_one_answer(place: Town) -> None:
    one, two = await place.open(), await place.open()
    said = Submission(
        channel="wechat",
        key="m1",
        sender=Contact(kind=ContactKind.OPENID, value="oChen_0001"),
        received_at=place.clock.now(),
        raw=b"raw",
        text="我叫陈建国，车险理赔拖了两个月了还没赔，保单号PDAA202641010000800001，请尽快赔付。",
    )
    soon = asyncio.get_running_loop().time() + 60
    answers = await asyncio.gather(*[each.inbox.submit(said, speak_by=soon) for each in (one, two, one, two)])
    assert len(set(answers)) == 1
    assert answers[0].kind is AnswerKind.SPOKEN
    async with one.house.store.reading() as unit:
        assert len(await unit.complaints.search(limit=10)) == 1


async def test_the_other_takes_over_what_a_dead_gateway_tended_as_soon_as_its_leases_are_over(place: Town) -> None:
    one, two = await place.start(), await place.start()
    place.write(range(3))
    await place.all_handled(email=3)
    await until(lambda: not place.mail.folder("INBOX").mails)
    dead = await place.tending("listen-email")
    survivor = two if dead is one else one
    await place.halt(dead)
    place.write(range(3, 6))
    place.post(range(3))
    place.claim(3)  # the dead one had just taken it out of the folder
    await survivor.turns.beat()
    assert await place.handled("email") == 3, "its lease is not over"
    place.clock.advance(seconds=Pace().lease)
    await survivor.turns.beat()
    await place.all_handled(email=6, letter=4)
    assert set(place.kept.values()) == {1}
    assert set(survivor.turns.facts().values()) == {HERE}
