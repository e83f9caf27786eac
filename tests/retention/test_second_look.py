"""What was found due is looked at once more while it is locked: a hold, or somebody who listens, comes in time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.casework.lifecycle import CLOSED
from gateway.casework.retention.erasing import Eraser, recordings_before
from gateway.casework.retention.periods import years_after
from gateway.casework.retention.round import RetentionRound
from store.audit import Deeds
from store.holds import Hold
from store.unit import Store, Unit
from store.values import Case, ComplaintId, LedgerId, Words
from tests.retention.test_when import DAY, house_at
from tests.store.things import NOW, arrive, file, open_case

TWO_YEARS_LATER = years_after(NOW, 2) + DAY
LATER_STILL = years_after(NOW, 3)

Change = Callable[[Unit, Case], Awaitable[object]]


async def recorded(unit: Unit, number: str = "TS26112300001", key: str = "m1", status: str = "ARCHIVED") -> Case:
    """A complaint of a call whose recording is here."""
    case = await open_case(unit, number=number, status=status)
    item = await arrive(unit, key)
    await unit.ledger.settle(item.id, answer_kind="silent", answer_text="", complaint_id=case.id)
    await unit.files.add(file(f"f-{key}", item, complaint_id=case.id, state="stored", call=f"CA-{key}"))
    return case


async def close(unit: Unit, case: Case) -> None:
    await unit.complaints.set_work(case.id, {"closed_at": NOW, "keep_until": years_after(NOW, 10)}, now=NOW)


@pytest.fixture
async def case(store: Store) -> Case:
    async with store.unit() as unit:
        made = await recorded(unit)
        await close(unit, made)
        await unit.commit()
    return made


async def due(store: Store) -> list[int]:
    async with store.reading() as unit:
        page = await unit.expired.recordings(recordings_before(TWO_YEARS_LATER), 0, sorted(CLOSED))
    return list(page.ids)


async def files_of(store: Store, id: ComplaintId) -> list[str]:
    async with store.reading() as unit:
        return [each.id for each in await unit.files.of_complaint(id)]


async def hold(unit: Unit, case: Case) -> None:
    await unit.complaints.get(case.id, lock=True)  # as whoever acts has it in hand
    await unit.holds.add(Hold(complaint_id=case.id, at=NOW, by="lead", reason="court"))


async def reopen(unit: Unit, case: Case) -> None:
    await unit.complaints.get(case.id, lock=True)
    await unit.complaints.save(case.id, status="REOPENED", now=NOW)
    await unit.complaints.set_work(case.id, {"closed_at": None, "keep_until": None}, now=NOW)


async def write_down(unit: Unit, case: Case) -> None:
    [kept] = await unit.files.of_complaint(case.id)
    await unit.files.typed(kept.id, Words(text="我要投诉", method="staff", confidence=None))


@pytest.mark.parametrize(("change", "why"), [(hold, "held"), (reopen, "not_due"), (write_down, "not_due")])
async def test_a_recording_stays_when_something_comes_between_finding_it_due_and_erasing_it(
    store: Store, case: Case, change: Change, why: str
) -> None:
    [seq] = await due(store)
    async with store.unit() as unit:
        await change(unit, case)
        erasing = asyncio.create_task(Eraser(house=house_at(store, TWO_YEARS_LATER)).recording(seq))
        await asyncio.sleep(0.1)  # on PostgreSQL it is at the lock by now, on SQLite in the line
        await unit.commit()
    assert await erasing == why
    assert await files_of(store, case.id) == ["f-m1"]
    async with store.reading() as unit:
        assert not await unit.audit.list(Deeds(action="erase_recording"))


async def test_two_rounds_at_once_erase_a_recording_once(store: Store, case: Case) -> None:
    [seq] = await due(store)
    eraser = Eraser(house=house_at(store, TWO_YEARS_LATER))
    assert sorted(await asyncio.gather(eraser.recording(seq), eraser.recording(seq))) == ["", "not_due"]
    assert await files_of(store, case.id) == []


async def test_an_item_that_became_a_complaint_after_all_stays(store: Store) -> None:
    async with store.unit() as unit:
        item = await arrive(unit)
        await unit.ledger.settle(item.id, answer_kind="silent", answer_text="")
        await unit.commit()
    async with store.unit() as unit:
        case = await open_case(unit)
        await unit.ledger.settle(item.id, answer_kind="silent", answer_text="", complaint_id=case.id)
        erasing = asyncio.create_task(Eraser(house=house_at(store, LATER_STILL)).item(item.id))
        await asyncio.sleep(0.1)
        await unit.commit()
    assert await erasing == "not_due"
    assert await bytes_of(store, item.id) == b"<xml/>"


async def bytes_of(store: Store, id: LedgerId) -> bytes:
    async with store.reading() as unit:
        raw, _ = await unit.ledger.raw(id)
    return raw


async def merged(store: Store, change: Change | None = None) -> Case:
    """A call whose complaint, never closed itself, was merged into another one."""
    async with store.unit() as unit:
        into = await open_case(unit, status="ARCHIVED")
        case = await recorded(unit, "TS26112300002", "m2", "REGISTERED")
        await unit.complaints.set_work(case.id, {"merged_into": into.id}, now=NOW)
        await close(unit, into)
        if change is not None:
            await change(unit, into)
        await unit.commit()
    return case


async def test_the_recording_of_a_merged_complaint_goes_two_years_after_the_other_one_was_closed(store: Store) -> None:
    case = await merged(store)
    await RetentionRound(house_at(store, years_after(NOW, 2) - DAY)).run()
    assert await files_of(store, case.id) == ["f-m2"]
    done = await RetentionRound(house_at(store, TWO_YEARS_LATER)).run()
    assert done["recordings"] == 1
    assert await files_of(store, case.id) == []


@pytest.mark.parametrize("change", [hold, reopen])
async def test_the_recording_of_a_merged_complaint_stays_while_the_other_one_is_held_or_open(
    store: Store, change: Change
) -> None:
    case = await merged(store, change)
    await RetentionRound(house_at(store, TWO_YEARS_LATER)).run()
    assert await files_of(store, case.id) == ["f-m2"]


async def test_a_hold_on_a_merged_complaint_keeps_the_recordings_of_both(store: Store) -> None:
    case = await merged(store)
    async with store.unit() as unit:
        await hold(unit, case)
        await unit.commit()
    assert await due(store) == []
