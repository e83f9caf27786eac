"""After the handling we ask for a score: one from 1 to 5 is kept and counted, and "not solved" begins again."""

from __future__ import annotations

import asyncio

import pytest

from gateway.casework.lifecycle import Outcome, Status
from gateway.casework.move import move
from gateway.reports.asked import Export
from gateway.reports.overview import Overview, count
from gateway.staff.actor import SERVICE
from normalizer.record import Submission
from store.figures import Scope
from store.values import Case
from tests.casework.office import CONTACTS, Desk
from tests.reports.test_register import table


async def asked(desk: Desk, channel: str = "wechat") -> Case:
    """A complaint that was decided and carried out; its customer was asked for a score."""
    case = await desk.complaint("INVESTIGATING", channel)
    steps = (Status.DECIDED, Status.IMPLEMENTING, Status.FOLLOW_UP)
    for step in steps:
        outcome = Outcome.UPHELD if step is Status.DECIDED else None
        await move(desk.house, case.number, step, note="已赔付。", tell=True, actor=SERVICE, outcome=outcome)
    return await desk.case(case.number)


async def says(desk: Desk, text: str, key: str = "", channel: str = "wechat") -> str:
    now, key = desk.house.clock.now(), key or f"said: {text}"
    item = Submission(channel=channel, key=key, sender=CONTACTS[channel], received_at=now, text=text, attested=True)
    return (await desk.inbox.submit(item, speak_by=asyncio.get_running_loop().time() + 60)).text


async def in_the_register(desk: Desk) -> list[str]:
    return [row["satisfaction"] for row in await table(desk.house, Export(actor=SERVICE, form="csv"))]


async def overview(desk: Desk) -> Overview:
    async with desk.house.store.reading() as unit:
        return await count(unit, desk.house.clock.now(), Scope())


@pytest.mark.parametrize(
    ("text", "score"), [("1", 1), ("2分", 2), ("3", 3), ("我打4分", 4), ("５分，谢谢", 5), ("给三分吧。流程太慢", 3)]
)
async def test_a_score_is_kept_once_and_comes_out_in_register_and_overview(desk: Desk, text: str, score: int) -> None:
    case = await asked(desk)
    for _ in range(2):  # the provider delivers twice
        answer = await says(desk, text)
    assert answer
    after = await desk.case(case.number)
    assert (after.score, after.status, after.outcome) == (score, "FOLLOW_UP", "upheld")
    noted = [
        (moment.actor, moment.data["score"]) for moment in await desk.history(case.number) if moment.kind == "score"
    ]
    assert noted == [("customer", score)]
    assert await in_the_register(desk) == [str(score)]
    told = await overview(desk)
    assert (dict(told.scores), told.score) == ({score: 1}, float(score))


@pytest.mark.parametrize("text", ["0", "6", "10分", "100分", "5分钟都没等到", "1、没赔 2、没人管"])
async def test_what_is_no_score_from_1_to_5_is_not_kept_as_one(desk: Desk, text: str) -> None:
    case = await asked(desk)
    await says(desk, text)
    assert ((await desk.case(case.number)).score, (await desk.case(case.number)).status) == (None, "FOLLOW_UP")
    assert await in_the_register(desk) == [""]
    assert (await overview(desk)).score is None


async def test_a_number_that_nobody_asked_for_is_no_score(desk: Desk) -> None:
    case = await desk.complaint("INVESTIGATING")
    await says(desk, "5")
    assert (await desk.case(case.number)).score is None


@pytest.mark.parametrize("text", ["未解决", "没有解决", "未解決", "not solved", "还是没解决，钱没有到账"])
async def test_not_solved_begins_the_complaint_again_and_a_person_looks(desk: Desk, text: str) -> None:
    case = await asked(desk)
    answer = await says(desk, text)
    after = await desk.case(case.number)
    assert (after.status, after.outcome, after.decided_at, after.closed_at) == ("REOPENED", "", None, None)
    assert case.number in answer
    async with desk.house.store.reading() as unit:
        [task] = await unit.tasks.open_of(complaint_id=case.id, kind="review")
    assert (task.reason, text in task.detail) == ("not_solved", True)
    assert await desk.whole()


async def test_a_low_score_with_not_solved_is_kept_and_begins_again(desk: Desk) -> None:
    case = await asked(desk)
    await says(desk, "1分，问题没有解决")
    after = await desk.case(case.number)
    assert (after.score, after.status) == (1, "REOPENED")
    assert await in_the_register(desk) == ["1"]


async def test_the_last_score_counts_and_both_stand_in_the_history(desk: Desk) -> None:
    case = await asked(desk)
    await says(desk, "1")
    await says(desk, "5")
    noted = [moment.data["score"] for moment in await desk.history(case.number) if moment.kind == "score"]
    assert (noted, (await desk.case(case.number)).score) == ([1, 5], 5)
    assert dict((await overview(desk)).scores) == {5: 1}


async def test_scores_of_several_customers_make_an_average(desk: Desk) -> None:
    for channel, text in (("wechat", "5"), ("email", "2")):
        await asked(desk, channel)
        await says(desk, text, channel=channel)
    await desk.complaint(channel="phone")
    told = await overview(desk)
    assert (dict(told.scores), told.score) == ({2: 1, 5: 1}, 3.5)
    assert await in_the_register(desk) == ["5", "2", ""]
