"""Gateways are killed again and again while people come by every way: nothing lost, nothing double, all answered.

The short form; ``python -m tests.chaos`` is the long one. ``TOUSU_CHAOS_SEED`` throws other dice.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.chaos.boundaries import walk
from tests.chaos.cut import line_to
from tests.chaos.nursery import Nursery, nursery
from tests.chaos.play import Plan, Play
from tests.chaos.town import town
from tests.postgres import Databases

SEED = int(os.environ.get("TOUSU_CHAOS_SEED", "20261123"))
KILLS = 3
# Of a message's own way; the long form walks over all, also those of a start and of what only time brings about.
OF_A_MESSAGE = "gateway.intake,gateway.delivery,POST /in/wechat"

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("chaos")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def born() -> AsyncIterator[Nursery]:
    async with nursery() as made:
        yield made


async def test_a_gateway_killed_at_random_loses_nothing_and_doubles_nothing(born: Nursery, tmp_path: Path) -> None:
    async with town(born, tmp_path, Random(SEED)) as made:
        played = await Play(made, Plan(kills=KILLS, newcomers=1)).go()
    assert not played.verdict.wrong, f"seed {SEED}"
    assert played.kills >= KILLS
    assert played.verdict.items >= KILLS * len(made.people)


async def test_three_gateways_on_one_postgres_lose_nothing_when_they_die_and_when_their_database_goes_away(
    born: Nursery, tmp_path: Path, postgres: Databases
) -> None:
    async with (
        line_to(await postgres.create()) as line,
        town(born, tmp_path, Random(SEED), gateways=3, database_url=line.url) as made,
    ):
        play = Play(made, Plan(kills=1, newcomers=1))
        await play.begin()
        await play.act()
        await play.act_while_cut(line)
        played = await play.end()
    assert not played.verdict.wrong, f"seed {SEED}"
    assert (played.cuts, played.kills) >= (1, 1)


async def test_at_each_commit_of_a_message_a_gateway_dies_and_the_message_is_handled_once(
    born: Nursery, tmp_path: Path
) -> None:
    walked = await walk(born, tmp_path, tmp_path / "book", Random(SEED), "wechat", places=OF_A_MESSAGE)
    assert not walked.verdict.wrong, f"seed {SEED}"
    died_at = {boundary.partition(" ")[0] for boundary in walked.boundaries}
    assert died_at == {"before", "after", "reply"}
