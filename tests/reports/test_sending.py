"""What staff take along lies nowhere under a name, and is gone when it is sent or when they go away before."""

from __future__ import annotations

import asyncio
import secrets
import stat
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession, web

from gateway.house import House
from gateway.reports.asked import Export
from gateway.reports.casefile.bundle import IN_MEMORY
from gateway.reports.casefile.taking import take
from gateway.reports.streaming import send_case_file, send_register
from gateway.reports.workbook import xlsx_file
from gateway.staff.actor import SERVICE
from tests.staff.office import ON_ONE, Office

OPEN_FILES = Path("/proc/self/fd")
Send = Callable[[web.Request], Awaitable[web.StreamResponse]]

pytestmark = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="this system does not tell which files are open")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder, of this test alone."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def lying(folder: Path) -> tuple[list[Path], list[int]]:
    """What has a name in the folder, and the modes of the open files that lie there."""
    return list(folder.iterdir()), [mode for each in OPEN_FILES.iterdir() for mode in _mode_within(folder, each)]


def _mode_within(folder: Path, open_file: Path) -> Iterator[int]:
    with suppress(FileNotFoundError):  # that of the listing itself
        if str(open_file.readlink()).startswith(f"{folder}/"):
            yield stat.S_IMODE(open_file.stat().st_mode)


Ending = BaseException | None


@asynccontextmanager
async def asking(send: Send, *, cancels: bool = False) -> AsyncIterator[tuple[ClientResponse, asyncio.Future[Ending]]]:
    """An answer that has begun, and how its handler ended.

    A server that ``cancels`` stops the handler when the client goes away; ours writes on, and finds out so.
    """
    ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            answer = await send(request)
        except BaseException as error:
            ended.set_result(error)
            raise
        ended.set_result(None)
        return answer

    app = web.Application()
    app.router.add_get("/", handle)
    runner = web.AppRunner(app, handler_cancellation=cancels)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as client, client.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as answer:
            yield answer, ended
    finally:
        await runner.cleanup()


async def a_large_case(office: Office) -> Send:
    """A case file that does not fit into memory, nor into what the system keeps for a slow reader."""
    case = await office.complaint()
    await office.file(case, content=secrets.token_bytes(2 * IN_MEMORY), media_type="image/jpeg")
    contents = await take(office.house, SERVICE, case, reason="监管检查", masked=False)
    return lambda request: send_case_file(office.house, request, contents)


@ON_ONE
async def test_a_large_case_file_lies_on_disk_without_a_name_and_is_gone_when_it_is_sent(
    office: Office, folder: Path
) -> None:
    async with asking(await a_large_case(office)) as (answer, ended):
        await answer.content.readexactly(1024)
        assert lying(folder) == ([], [0o600])
        await answer.read()
        assert await ended is None
    assert lying(folder) == ([], [])


@ON_ONE
@pytest.mark.parametrize(("cancels", "ending"), [(False, type(None)), (True, asyncio.CancelledError)])
async def test_whoever_goes_away_in_the_middle_leaves_nothing_of_the_case_file_behind(
    office: Office, folder: Path, cancels: bool, ending: type[Ending]
) -> None:
    async with asking(await a_large_case(office), cancels=cancels) as (answer, ended):
        await answer.content.readexactly(1024)
        answer.close()
        assert isinstance(await ended, ending)
    assert lying(folder) == ([], [])


async def test_a_register_lies_on_disk_without_a_name_while_it_is_made_and_sent(folder: Path) -> None:
    seen = []

    async def batches() -> AsyncIterator[Sequence[Sequence[str]]]:
        for _ in range(3):
            seen.append(lying(folder))
            yield [["张小三"] * 20] * 200

    async with xlsx_file("register", ["head"] * 20, batches()):
        seen.append(lying(folder))
    assert seen == [([], [0o600])] * 4
    assert lying(folder) == ([], [])


async def test_a_register_that_fails_in_the_middle_leaves_nothing_behind(folder: Path) -> None:
    async def batches() -> AsyncIterator[Sequence[Sequence[str]]]:
        yield [["张小三"]]
        raise TimeoutError

    with pytest.raises(TimeoutError):
        async with xlsx_file("register", ["head"], batches()):
            pass
    assert lying(folder) == ([], [])


@ON_ONE
async def test_a_register_that_was_sent_is_gone(house: House, office: Office, folder: Path) -> None:
    await office.complaint()
    export = Export(actor=SERVICE, form="xlsx")
    async with asking(lambda request: send_register(house, request, export)) as (answer, ended):
        assert (await answer.read())[:2] == b"PK"
        assert await ended is None
    assert lying(folder) == ([], [])
