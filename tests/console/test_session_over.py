"""A session that ends while somebody writes takes none of their words with it."""

from __future__ import annotations

from gateway.console.tasks import TasksRoom
from gateway.house import House
from gateway.settings import Settings
from store.unit import Store
from tests.clock import SetClock
from tests.console.desk import desk


async def test_what_was_written_is_given_back_and_nothing_is_done(store: Store) -> None:
    house = House(store=store, clock=SetClock(), settings=Settings())
    async with desk(house, lambda kit: [TasksRoom(kit)]) as office:
        answer = await office.post("/tasks/t1/done", {"note": "客户说<b>下周</b>再联系"})
        page = await answer.text()
    assert answer.status == 401
    assert "客户说&lt;b&gt;下周&lt;/b&gt;再联系" in page
