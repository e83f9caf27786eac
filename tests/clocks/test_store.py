"""What the round looks up does not grow with the history, and what it keeps comes back as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from gateway.casework.clocks.limits import editions, limits
from store import approvals, clock_events
from store.desk import Approval, ClockEvent
from store.prepared import Prepared
from store.sqlite import sqlite_engine
from store.unit import Store
from tests.clocks.events import T0
from tests.store.things import NOW, open_case


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (clock_events._OF, "which"),
        (clock_events._ALERTS, "now most"),
        (clock_events._NOTES, "now most"),
        (clock_events._UNWATCHED, "after most"),
        (approvals._OPEN, "after most"),
        (approvals._OF, "whose"),
    ],
)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_no_look_up_grows_with_the_history(store_url: str, statement: Prepared, parameters: str) -> None:
    sql = statement.form(parameters.split()).sql
    engine = sqlite_engine(make_url(store_url))
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")).fetchall()
    engine.dispose()
    assert [row[3] for row in plan if row[3].startswith("SCAN")] == []


async def test_an_event_comes_back_as_it_was_noted(store: Store) -> None:
    noted = ClockEvent(kind="complex", at=NOW, noted_at=NOW, by="li.na", facts={"reason": "两家医院", "parcel": "p"})
    async with store.unit() as unit:
        case = await open_case(unit)
        id = await unit.clock_events.add(case.id, noted)
        await unit.commit()
    async with store.reading() as unit:
        (found,) = await unit.clock_events.of(case.id)
    assert (found.id, found.kind, found.at, found.by, dict(found.facts)) == (
        id,
        "complex",
        NOW,
        "li.na",
        dict(noted.facts),
    )


async def test_an_approval_is_decided_once(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit)
        asked = Approval(
            complaint_id=case.id, kind="special", state="open", asked_at=NOW, asked_by="li.na", facts={"reason": "境外"}
        )
        id = await unit.approvals.ask(asked)
        await unit.commit()
    async with store.unit() as unit:
        assert [each.id for each in await unit.approvals.open()] == [id]
        assert await unit.approvals.decide(id, "approved", at=NOW, by="wang")
        assert not await unit.approvals.decide(id, "refused", at=NOW, by="zhao")
        await unit.commit()
    async with store.reading() as unit:
        found = await unit.approvals.get(id)
        assert await unit.approvals.open() == []
    assert found is not None
    assert (found.state, found.decided_by, dict(found.facts)) == ("approved", "wang", {"reason": "境外"})


def test_the_limits_in_force_say_their_version_and_every_edition_can_be_read() -> None:
    assert limits(T0).version
    assert [limits(T0).days[step] for step in ("simple", "complex", "special")] == [15, 30, 60]
    assert len(editions()) >= 1
