"""Who sends without end costs others nothing and loses nothing; who guesses learns nothing, not even by the clock."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from structlog.testing import capture_logs

from channels.base import Answer
from gateway.intake.floods import CAUSE, LIMITS, Floods, bundle
from gateway.intake.inbox import GatewayInbox
from gateway.operations.replay import Replayer
from gateway.staff.auth import NoSessions, let_in
from gateway.staff.guesses import Guesses
from gateway.staff.problems import tell_problems
from normalizer.number import make_number
from normalizer.record import Contact, ContactKind, Submission
from store.crypto import Keyring
from store.errors import Busy
from store.values import LedgerState
from tests.clock import MONDAY_MORNING
from tests.intake.calls import A_HOTLINE, ask_for_progress, calling
from tests.intake.talks import COMPLETE, Office, open_office
from tests.web.visitor import visiting

NOBODYS = make_number(MONDAY_MORNING.date(), 99)
KINDS = {"wechat": ContactKind.OPENID, "email": ContactKind.EMAIL, "phone": ContactKind.PHONE}
SENDERS = {"wechat": "o1", "email": "wang@qq.example", "phone": "+8613812345678"}
OTHERS = {"wechat": "o2", "email": "li@qq.example", "phone": "+8613900001111"}


@pytest.fixture
async def office(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Office]:
    path = tmp_path / "tousu.db"
    shutil.copy(sqlite_template, path)
    async with open_office(data_dir=tmp_path, database_url=f"sqlite+aiosqlite:///{path}", **A_HOTLINE) as opened:
        yield opened


# Floods


def item(office: Office, channel: str, sender: str, n: int) -> Submission:
    return Submission(
        channel=channel,
        key=f"{sender}:{n}",
        sender=Contact(kind=KINDS[channel], value=sender),
        received_at=office.clock.now(),
        text=f"{COMPLETE} {n}",
        raw=f"{n}".encode(),
        talk=f"CA{n:032x}" if channel == "phone" else "",
    )


def narrow(office: Office, channel: str) -> GatewayInbox:
    """Three an hour are a lot here."""
    return GatewayInbox(office.gateway.house, floods=Floods(office.clock, {channel: 3}))


@pytest.mark.parametrize("channel", sorted(LIMITS))
async def test_a_flood_of_one_sender_is_kept_whole_and_stands_in_nobodys_way(office: Office, channel: str) -> None:
    inbox = narrow(office, channel)
    for n in range(8):
        await inbox.submit(item(office, channel, SENDERS[channel], n))
    set_aside = await office.quarantined()
    assert [entry.cause for entry in set_aside] == [CAUSE] * 5
    assert len(await office.tasks("quarantine")) == 1
    told = [parcel for parcel in await office.parcels() if parcel.ledger_id in {entry.id for entry in set_aside}]
    assert len(told) <= 1
    before = len(await office.cases())
    answer = await inbox.submit(item(office, channel, OTHERS[channel], 99), speak_by=float("inf"))
    assert answer.text
    assert len(await office.cases()) == before + 1


async def test_an_item_of_a_flood_costs_a_few_statements_and_no_reading(office: Office) -> None:
    inbox, database = narrow(office, "wechat"), office.gateway.house.store
    for n in range(4):
        await inbox.submit(item(office, "wechat", "o1", n))
    before = database.statements
    with patch("gateway.intake.inbox.handle", side_effect=AssertionError("it was read")):
        await inbox.submit(item(office, "wechat", "o1", 5))
    assert database.statements - before <= 4


async def test_a_busy_database_does_not_hide_a_flood_from_staff(office: Office) -> None:
    """The first item beyond the limit is tried again, and still has the task and the answer of the hour."""
    inbox, tries = narrow(office, "wechat"), iter([Busy("55P03")])

    async def busy_once(*given: Any) -> Answer:
        for error in tries:
            raise error
        return await bundle(*given)

    with patch("gateway.intake.inbox.bundle", busy_once):
        for n in range(5):
            await inbox.submit(item(office, "wechat", "o1", n))
    assert len(await office.quarantined()) == 2
    assert len(await office.tasks("quarantine")) == 1


async def test_a_flood_is_over_with_the_hour(office: Office) -> None:
    inbox = narrow(office, "wechat")
    for n in range(5):
        await inbox.submit(item(office, "wechat", "o1", n))
    office.clock.advance(hours=1)
    await inbox.submit(item(office, "wechat", "o1", 6))
    assert (await office.ledger())[LedgerState.QUARANTINED] == 2


async def test_what_was_bundled_is_handled_when_staff_want_it(office: Office) -> None:
    inbox = narrow(office, "wechat")
    for n in range(4):
        await inbox.submit(item(office, "wechat", "o1", n))
    (entry,) = await office.quarantined()
    again = item(office, "wechat", "o1", 3)

    class Reader:
        async def read(self, _: object) -> Submission:
            return again

    house = office.gateway.house
    assert await Replayer(house, GatewayInbox(house), {"wechat": Reader()}).replay(entry.id) == LedgerState.HANDLED


async def test_the_gateway_itself_counts(office: Office) -> None:
    assert office.gateway.inbox._floods is not None


# Numbers and proofs


@dataclass
class Work:
    """What one question cost, and what was said."""

    text: str
    statements: int
    opened: int


async def cost(office: Office, ask: Callable[[], Awaitable[str]]) -> Work:
    """Statements to the database, and values that were decrypted."""
    opened, database = 0, office.gateway.house.store
    open_one = Keyring.open

    def counted(self: Keyring, sealed: bytes, aad: str) -> bytes:
        nonlocal opened
        opened += aad.startswith("complaints.")
        return open_one(self, sealed, aad)

    before = database.statements
    with patch.object(Keyring, "open", counted):
        text = await ask()
    return Work(text=text, statements=database.statements - before, opened=opened)


async def by_chat(office: Office, number: str) -> str:
    stranger = office.by_chat(f"stranger-{number}")
    return await stranger.write(f"查询投诉进度，投诉编号{number}，登记手机号后四位0000")


async def by_mail(office: Office, number: str) -> str:
    stranger = office.by_mail(f"stranger{number}@qq.example")
    return await stranger.write(f"查询投诉进度，投诉编号{number}，登记手机号后四位0000")


async def by_call(office: Office, number: str) -> str:
    call = await calling(office, "")
    return (await ask_for_progress(call, number, "0000")).text


async def by_page(office: Office, number: str) -> str:
    async with visiting(office.gateway, office.clock) as visitor:
        return (await visitor.prove(number, "0000")).role_status


async def by_app(office: Office, number: str) -> str:
    async with visiting(office.gateway, office.clock) as visitor:
        asked = {"number": number, "proof": "0000"}
        async with visitor.client.post("/api/public/v1/progress", json=asked) as answer:
            return f"{answer.status} {await answer.text()}"


WAYS = {"chat": by_chat, "mail": by_mail, "call": by_call, "page": by_page, "app": by_app}


@pytest.mark.parametrize("way", WAYS)
async def test_no_such_number_and_a_wrong_proof_are_told_alike_and_cost_alike(office: Office, way: str) -> None:
    await office.by_chat("owner").write(COMPLETE)
    number = (await office.only_case()).number
    await WAYS[way](office, NOBODYS[:-1] + "X")  # whatever is set up at first use
    none = await cost(office, lambda: WAYS[way](office, NOBODYS))
    wrong = await cost(office, lambda: WAYS[way](office, number))
    assert none.text.replace(NOBODYS, "#") == wrong.text.replace(number, "#")
    assert (none.statements, none.opened) == (wrong.statements, wrong.opened)


# The service token


async def test_who_guesses_service_tokens_is_answered_curtly_and_seen(office: Office) -> None:
    async def inside(_: web.Request) -> web.Response:
        return web.Response(text="in")

    guard = let_in(SecretStr("right"), NoSessions(), frozenset(), Guesses(most=3))
    app = web.Application(middlewares=[tell_problems, guard])
    app.router.add_get("/", inside)
    async with TestClient(TestServer(app)) as client:
        with capture_logs() as lines:
            wrong = [(await client.get("/", headers={"Authorization": f"Bearer {n}"})).status for n in range(6)]
        right = await client.get("/", headers={"Authorization": "Bearer right"})
    assert wrong == [401] * 3 + [429] * 3
    assert [line["event"] for line in lines] == ["service_token_guessed"]
    assert right.status == 200
