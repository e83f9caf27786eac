"""``python -m tests.chaos [--kills N] [--database sqlite|postgres] [--processes 1|3] [--minutes M] [--seed S]``."""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from tests.chaos.boundaries import Nobody, walk
from tests.chaos.cut import DatabaseLine, line_to
from tests.chaos.nursery import Nursery, nursery
from tests.chaos.play import Plan, Play, Played
from tests.chaos.town import town
from tests.postgres import running

WAYS = ("wechat", "phone", "email", "letter", "web", "counter")


def main(argv: Sequence[str]) -> int:
    """Exit code: 0 nothing is wrong, 1 something is."""
    given = _given(argv)
    folder = Path(tempfile.mkdtemp(prefix="tousu-chaos-"))
    _say(f"seed {given.seed}, {given.database}, {given.processes} at once")
    wrong = asyncio.run(_boundaries(given, folder) if given.boundaries is not None else _play(given, folder))
    if wrong:
        _say(f"What they said is in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


def _given(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.chaos", description="Gateways are killed; nothing is lost or doubled.")
    parser.add_argument("--kills", type=int, default=50, help="deaths (%(default)s)")
    parser.add_argument("--minutes", type=float, default=0, help="go on for so long, whatever --kills says")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--processes", type=int, choices=(1, 3), default=1, help="gateways on one database")
    parser.add_argument("--newcomers", type=int, default=2, help="of each way, for each death (%(default)s)")
    parser.add_argument("--boundaries", nargs="*", choices=WAYS, help="die at each commit instead, for these ways")
    parser.add_argument("--names", action="store_true", help="with --boundaries: name them")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = parser.parse_args(argv)
    if given.database == "sqlite" and given.processes > 1:
        parser.error("SQLite belongs to one process")
    return given


async def _play(given: argparse.Namespace, folder: Path) -> bool:
    async with nursery() as born, _database(given) as line:
        plan = Plan(kills=given.kills, newcomers=given.newcomers, line=line)
        url = line.url if line else ""
        async with town(born, folder, Random(given.seed), gateways=given.processes, database_url=url) as made:
            played = await _played(Play(made, plan), given)
    _say(*played.lines())
    return bool(played.verdict.wrong)


async def _played(play: Play, given: argparse.Namespace) -> Played:
    if not given.minutes:
        return await play.go()
    until = time.monotonic() + given.minutes * 60
    await play.begin()
    while time.monotonic() < until:
        await play.act()
    return await play.end()


async def _boundaries(given: argparse.Namespace, folder: Path) -> bool:
    """First those of a start and of what time brings about; then of each way those that come with it."""
    wrong: list[str] = []
    async with nursery() as born:
        for way in (Nobody.channel, *(given.boundaries or WAYS)):
            wrong += await _walk(born, given, folder, way)
    return bool(wrong)


async def _walk(born: Nursery, given: argparse.Namespace, folder: Path, way: str) -> list[str]:
    book, idle = folder / f"{way}.book", folder / f"{Nobody.channel}.book"
    if book != idle:
        shutil.copy(idle, book)
    async with _database(given) as line:
        url = line.url if line else ""
        walked = await walk(born, folder / way, book, Random(given.seed), way, database_url=url)
    _say(*(walked.boundaries if given.names else ()), *walked.lines())
    return walked.verdict.wrong


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join((*lines, "")))
    sys.stdout.flush()


@asynccontextmanager
async def _database(given: argparse.Namespace) -> AsyncIterator[DatabaseLine | None]:
    """A PostgreSQL whose line can be cut; None for SQLite."""
    if given.database == "sqlite":
        yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with running() as databases:
        async with line_to(await databases.create()) as line:
            yield line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
