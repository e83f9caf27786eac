"""Nothing goes before its day, on hold, or while it is open; everything that is due goes."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gateway.casework.lifecycle import CLOSED, Status
from gateway.casework.retention import periods as module
from gateway.casework.retention.keeping import keep_until
from gateway.casework.retention.periods import BrokenPeriods, periods, read_periods, years_after
from gateway.casework.retention.round import RetentionRound
from gateway.house import House
from gateway.intake.directory import Holding, NoDirectory, PolicyDirectory
from gateway.settings import Settings
from normalizer.record import Complaint, Field
from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.holds import Hold
from store.unit import Store, Unit
from store.values import ComplaintId, Words
from tests.clock import SetClock
from tests.store.things import NOW, RECORD, WANG, arrive, file, open_case, talk

POLICY = "P2024ABC001"
WITHOUT = replace(RECORD, fields={name: field for name, field in RECORD.fields.items() if name != "policy_number"})
DAY = timedelta(days=1)


class Contracts(NoDirectory):
    """The insurer's files: one contract, or a line that is down."""

    def __init__(self, *holdings: Holding, away: bool = False) -> None:
        self.holdings, self.away = holdings, away

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        if self.away:
            raise OSError
        return self.holdings


def house_at(store: Store, now: datetime, directory: PolicyDirectory | None = None) -> House:
    return House(store=store, clock=SetClock(now), settings=Settings(), directory=directory or NoDirectory())


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One complaint, and what became of it."""

    status: str
    of_policy: bool
    closed_days_ago: int
    held: bool = False
    lifted: bool = False
    merged: bool = False  # another one was merged into it
    merged_held: bool = False
    busy: bool = False  # an item of it is in quarantine

    @property
    def record(self) -> Complaint:
        return RECORD if self.of_policy else WITHOUT

    @property
    def closed_at(self) -> datetime:
        return NOW - self.closed_days_ago * DAY

    @property
    def may_go(self) -> bool:
        held = (self.held and not self.lifted) or (self.merged and self.merged_held)
        return (
            self.status in CLOSED
            and not held
            and not self.busy
            and years_after(self.closed_at, 10 if self.of_policy else 5) <= NOW
        )


stories = some.builds(
    Story,
    status=some.sampled_from([status.value for status in (*CLOSED, *CLOSED, Status.DECIDED, Status.REVIEWING)]),
    of_policy=some.booleans(),
    closed_days_ago=some.sampled_from([0, 365 * 3, 1825, 1826, 1827, 3651, 3652, 3653, 3654, 9000]),
    held=some.booleans(),
    lifted=some.booleans(),
    merged=some.booleans(),
    merged_held=some.booleans(),
    busy=some.integers(0, 4).map(lambda dice: dice == 0),
)


@pytest.fixture
def template(sqlite_template: Path) -> Path:
    return sqlite_template


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(told=some.lists(stories, min_size=1, max_size=8))
def test_what_is_due_goes_and_nothing_else(template: Path, told: list[Story]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "tousu.db")
        asyncio.run(_goes(Path(folder), told))


async def _goes(folder: Path, told: list[Story]) -> None:
    keys = Keyring.from_secret(new_secret())
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'tousu.db'}", keys, FolderBlobs(folder / "files", keys))
    try:
        ids = [await _tell(store, number, story) for number, story in enumerate(told)]
        house = house_at(store, NOW)
        counted = await RetentionRound(house).count()
        await RetentionRound(house).run()
        async with store.reading() as unit:
            cases = await unit.complaints.several(ids)
            assert [cases[id].erased_at is not None for id in ids] == [story.may_go for story in told]
            for id, story in zip(ids, told, strict=True):
                family = await unit.expired.family(id)
                merged = await unit.complaints.several(family.ids)
                assert {each.erased_at is not None for each in merged.values()} == {story.may_go}
                assert bool(cases[id].record.value("phone")) != story.may_go
        assert counted.get("complaints", 0) >= sum(story.may_go for story in told)
    finally:
        await store.aclose()


async def _tell(store: Store, number: int, story: Story) -> ComplaintId:
    async with store.unit() as unit:
        case = await open_case(unit, number=f"TS26112301{number:03}", status=story.status, record=story.record)
        item = await arrive(unit, key=f"m{number}")
        await unit.ledger.settle(item.id, answer_kind="silent", answer_text="", complaint_id=case.id)
        if story.busy:
            await unit.ledger.quarantine(item.id, "a test")
        closing = {"closed_at": story.closed_at, "keep_until": keep_until(story.record, story.closed_at)}
        await unit.complaints.set_work(case.id, closing, now=NOW)
        if story.held:
            await _hold(unit, case.id, lifted=story.lifted)
        if story.merged:
            other = await open_case(unit, number=f"TS26112302{number:03}", status="REGISTERED")
            await unit.complaints.set_work(other.id, {"merged_into": case.id}, now=NOW)
            if story.merged_held:
                await _hold(unit, other.id, lifted=False)
        await unit.commit()
    return case.id


async def _hold(unit: Unit, id: ComplaintId, *, lifted: bool) -> None:
    held = await unit.holds.add(Hold(complaint_id=id, at=NOW, by="lead", reason="court"))
    if lifted:
        await unit.holds.lift(held, at=NOW, by="lead", reason="settled")


async def closed_long_ago(store: Store, record: Complaint = RECORD) -> ComplaintId:
    """A complaint whose own period has just ended."""
    async with store.unit() as unit:
        case = await open_case(unit, status="ARCHIVED", record=record)
        ended = {"closed_at": NOW - 20 * 366 * DAY, "keep_until": NOW - DAY}
        await unit.complaints.set_work(case.id, ended, now=NOW)
        await unit.commit()
    return case.id


async def is_erased(store: Store, id: ComplaintId) -> bool:
    async with store.reading() as unit:
        case = await unit.complaints.get(id)
    assert case is not None
    return case.erased_at is not None


@pytest.mark.parametrize(
    ("years", "ended_years_ago", "goes"),
    [(1, 4, False), (1, 6, True), (20, 6, False), (20, 11, True)],
)
async def test_a_contract_keeps_its_complaint_for_five_or_ten_years_after_its_end(
    store: Store, years: int, ended_years_ago: int, goes: bool
) -> None:
    id = await closed_long_ago(store)
    ends = years_after(NOW, -ended_years_ago)
    contract = Holding(policy_number=POLICY, begins=years_after(ends, -years), ends=ends)
    await RetentionRound(house_at(store, NOW, Contracts(contract))).run()
    assert await is_erased(store, id) == goes


async def test_a_contract_that_still_runs_is_not_asked_for_every_day(store: Store) -> None:
    id = await closed_long_ago(store)
    ends = years_after(NOW, 3)
    await RetentionRound(house_at(store, NOW, Contracts(Holding(policy_number=POLICY, ends=ends)))).run()
    async with store.reading() as unit:
        case = await unit.complaints.get(id)
    assert case is not None
    assert case.keep_until == years_after(ends, 10)


async def test_nothing_goes_while_the_insurers_files_do_not_answer(store: Store) -> None:
    id = await closed_long_ago(store)
    done = await RetentionRound(house_at(store, NOW, Contracts(away=True))).run()
    assert done["complaints directory"] == 1
    assert not await is_erased(store, id)


async def test_the_work_of_a_day_is_done_once(store: Store) -> None:
    house = house_at(store, NOW)
    await RetentionRound(house).go()
    id = await closed_long_ago(store)
    await RetentionRound(house).go()
    assert not await is_erased(store, id)
    await RetentionRound(house_at(store, NOW + DAY)).go()
    assert await is_erased(store, id)


async def test_what_an_older_version_closed_gets_its_date(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit, status="WITHDRAWN")
        await unit.complaints.set_work(case.id, {"closed_at": NOW - 9 * DAY}, now=NOW)
        await unit.commit()
    await RetentionRound(house_at(store, NOW)).run()
    async with store.reading() as unit:
        dated = await unit.complaints.get(case.id)
    assert dated is not None
    assert dated.keep_until == years_after(NOW - 9 * DAY, 10)


async def test_a_talk_that_became_no_complaint_goes_after_thirty_days_and_one_that_goes_on_stays(store: Store) -> None:
    silent = await talk(store)
    async with store.unit() as unit:
        item = await arrive(unit, "m1", received_at=NOW)
        await unit.ledger.settle(item.id, answer_kind="queued", answer_text="Hello", conversation_id=silent)
        await unit.commit()
    for days, goes in ((29, False), (31, True)):
        await RetentionRound(house_at(store, NOW + days * DAY)).run()
        async with store.reading() as unit:
            found = await unit.conversations.get(silent)
        assert found is not None
        assert (found.contact != WANG) == goes


async def test_a_recording_goes_after_two_years_unless_somebody_listened_to_it(store: Store) -> None:
    async with store.unit() as unit:
        case = await open_case(unit, status="ARCHIVED")
        await unit.complaints.set_work(case.id, {"closed_at": NOW, "keep_until": years_after(NOW, 10)}, now=NOW)
        item = await arrive(unit)
        await unit.ledger.settle(item.id, answer_kind="silent", answer_text="", complaint_id=case.id)
        for id in ("f1", "f2", "f3"):
            call = "" if id == "f3" else "CA1"
            await unit.files.add(file(id, item, complaint_id=case.id, state="stored", call=call))
        await unit.files.typed("f2", Words(text="我要投诉", method="staff", confidence=None))
        await unit.commit()
    await RetentionRound(house_at(store, years_after(NOW, 2) - DAY)).run()
    assert await _files(store, case.id) == ["f1", "f2", "f3"]
    await RetentionRound(house_at(store, years_after(NOW, 2) + DAY)).run()
    assert await _files(store, case.id) == ["f2", "f3"]


async def _files(store: Store, id: ComplaintId) -> list[str]:
    async with store.reading() as unit:
        return [each.id for each in await unit.files.of_complaint(id)]


def test_three_years_cannot_be_shortened(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("policy_years = 1\nother_years = 2\n")
    mine = read_periods(own)
    assert mine.after_closing(NOW, of_policy=True) == years_after(NOW, 3)
    own.write_text("least_years = 1\n")
    with pytest.raises(BrokenPeriods, match="least_years"):
        read_periods(own)


@pytest.mark.parametrize("words", ["policy_yeers = 3", "policy_years = ", "draft_days = 0"])
def test_a_file_that_says_something_else_is_refused_and_nothing_changes(tmp_path: Path, words: str) -> None:
    own, before = tmp_path / "own.toml", periods()
    own.write_text(words)
    with pytest.raises(BrokenPeriods, match=r"own\.toml"):
        module.use(own)
    assert periods() is before


def test_the_day_after_years_is_the_same_day() -> None:
    leap = datetime(2024, 2, 29, tzinfo=NOW.tzinfo)
    assert years_after(leap, 5) == datetime(2029, 3, 1, tzinfo=NOW.tzinfo)
    assert keep_until(Complaint(fields={"policy_number": Field(value="P1")}), leap) == datetime(
        2034, 3, 1, tzinfo=NOW.tzinfo
    )
