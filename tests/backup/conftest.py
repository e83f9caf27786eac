"""A house that is lived in, and empty places on either kind of database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.app import Gateway, open_gateway
from gateway.operations.backup import sealing
from gateway.operations.backup.make import Manifest, Place, make
from gateway.operations.backup.restore import Target, restore
from gateway.settings import Settings
from normalizer.record import Attachment, Contact, ContactKind, Submission
from store.copying import snapshot, tables
from store.packing import packed
from store.secret_file import read_ring
from tests.clock import MONDAY_MORNING, SetClock
from tests.postgres import Databases

WORDS = "我叫王小明，电话13812345678，保单号P2024ABC001，理赔拖了两个月没有结果，要求赔付五千元"
PASSPHRASE = "correct horse battery staple"
PAPER = b"%PDF-1.7 " + bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def a_passphrase_that_is_quick_to_try() -> Iterator[None]:
    with patch.object(sealing, "COST", 2**10):
        yield


@dataclass(frozen=True, kw_only=True)
class House:
    """One gateway's database and folder."""

    database: str
    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings.model_validate({"data_dir": self.folder, "database_url": self.database})

    @property
    def place(self) -> Place:
        return Place(database=self.settings.database, blobs=self.folder / "files", ring=lambda: read_ring(self.folder))

    @property
    def target(self) -> Target:
        return Target(database=self.settings.database, folder=self.folder)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Gateway]:
        async with open_gateway(self.settings, SetClock()) as gateway:
            yield gateway

    async def backed_up(self, name: str = "tousu.backup") -> tuple[Path, Manifest]:
        file = self.folder.parent / name
        return file, await make(self.place, file, PASSPHRASE, MONDAY_MORNING)

    async def take_in(self, file: Path, passphrase: str = PASSPHRASE) -> None:
        await restore(file, self.target, passphrase)

    async def rows(self, scratch: Path) -> dict[str, list[bytes]]:
        """Everything that the database holds."""
        await asyncio.to_thread(scratch.mkdir)
        async with snapshot(self.settings.database, scratch) as taken:
            return {
                table.name: [packed(row) async for rows in taken.portions(table) for row in rows] for table in tables()
            }

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("files/??/*")}


class Places:
    """Houses at places that hold nothing yet."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        self._folder = folder
        self._request = request

    async def new(self, kind: str, name: str) -> House:
        folder = self._folder / name / "data"
        folder.mkdir(parents=True)
        if kind == "sqlite":
            return House(database="", folder=folder)
        databases: Databases = self._request.getfixturevalue("postgres")
        return House(database=await databases.create(migrated=False), folder=folder)


@pytest.fixture
def places(tmp_path: Path, request: pytest.FixtureRequest) -> Places:
    return Places(tmp_path, request)


@pytest.fixture(params=["sqlite", "postgres"])
async def lived_in(places: Places, request: pytest.FixtureRequest) -> House:
    """Three customers have complained here, with papers; a letter waits in the outbox."""
    house = await places.new(request.param, "lived_in")
    async with house.opened() as gateway:
        await write(gateway, 3)
    return house


async def write(gateway: Gateway, count: int, *, first: int = 0) -> None:
    """So many customers complain on the website, each with a paper and a long story."""
    for n in range(first, first + count):
        await gateway.inbox.submit(
            Submission(
                channel="wechat",
                key=f"form:{n}",
                sender=Contact(kind=ContactKind.OPENID, value=f"o{n:020}"),
                received_at=MONDAY_MORNING,
                text=WORDS,
                raw=f"{n}".encode() * 80_000,
                attachments=(Attachment(name="病历.pdf", media_type="application/pdf", content=PAPER + bytes([n])),),
                attested=True,
            )
        )


@pytest.fixture
async def house(places: Places) -> House:
    """A house with one complaint, on SQLite: neither refusals nor commands depend on the kind of database."""
    made = await places.new("sqlite", "house")
    async with made.opened() as gateway:
        await write(gateway, 1)
    return made
