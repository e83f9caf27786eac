"""The page behind the link in our short messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway.app import open_gateway
from gateway.settings import Settings
from normalizer.record import Contact, ContactKind, Submission
from tests.clock import SetClock

COMPLAINT = "我叫王小明，电话13812345678，车险理赔拖了两个月还没赔，请尽快赔付"


@dataclass
class Visitor:
    """Somebody with a browser; ``number`` is the complaint of somebody else, or their own."""

    client: TestClient  # type: ignore[type-arg]  # generic only in aiohttp's stubs, not at run time
    number: str

    async def ask(self, number: str, proof: str) -> str:
        door = await (await self.client.get("/progress", params={"number": "-"})).text()
        csrf = door.split('name="csrf" value="')[1].split('"')[0]
        response = await self.client.post("/progress", data={"number": number, "proof": proof, "csrf": csrf})
        assert response.status == 200
        page = await response.text()
        return page.split('role="status">')[1].split("</p>")[0]


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    clock = SetClock()
    async with open_gateway(Settings(data_dir=tmp_path), clock) as gateway:
        openid = Contact(kind=ContactKind.OPENID, value="o1")
        await gateway.inbox.submit(
            Submission(channel="wechat", key="1", sender=openid, received_at=clock.now(), text=COMPLAINT)
        )
        async with gateway.house.store.reading() as unit:
            [case] = await unit.complaints.search()
        async with TestClient(TestServer(gateway.app)) as client:
            yield Visitor(client, case.number)


async def test_number_and_proof_together_tell_state_and_date_and_nothing_personal(visitor: Visitor) -> None:
    answer = await visitor.ask(visitor.number, "5678")
    assert "已受理" in answer
    assert "12月8日" in answer
    for secret in ("王小明", "13812345678", "车险"):
        assert secret not in answer


async def test_a_wrong_number_and_a_wrong_proof_read_the_same(visitor: Visitor) -> None:
    assert await visitor.ask(visitor.number, "0000") == await visitor.ask("TS261123999991", "5678")


async def test_guessing_ends_after_a_few_tries_even_with_the_right_proof(visitor: Visitor) -> None:
    for guess in ("0000", "1111", "2222"):
        await visitor.ask(visitor.number, guess)
    assert "已受理" not in await visitor.ask(visitor.number, "5678")


async def test_what_the_link_carries_is_shown_as_text(visitor: Visitor) -> None:
    response = await visitor.client.get("/progress", params={"number": '"><script>x</script>'})
    page = await response.text()
    assert "<script>" not in page
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_a_visitor_reads_the_page_in_english_when_the_browser_asks_for_it(visitor: Visitor) -> None:
    response = await visitor.client.get("/progress", headers={"Accept-Language": "en-GB"})
    assert "Complaint number" in await response.text()
