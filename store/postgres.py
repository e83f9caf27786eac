"""PostgreSQL 15+: a pool of asyncpg connections, READ COMMITTED with row locks, LISTEN/NOTIFY to wake others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import asyncpg
import structlog
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, CursorResult, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.errors import Finished
from store.line import NO_PARAMS, Database, Line, Params, Rows, Statement, translated
from store.prepared import DialectName, Prepared

log = structlog.get_logger(__name__)

CHANNEL = "tousu_wake"
POOL_SIZE = 10
POOL_OVERFLOW = 10
POOL_SECONDS = 10.0
CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 30.0
BACK_OFF_SECONDS = 5.0
FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
# Both travel with BEGIN. A reader sees one moment, as on SQLite, and a slip that writes there is refused.
READING: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITING: Mapping[str, Any] = {}
PING = text("SELECT 1 FROM meta LIMIT 1")


class _PostgresLine(Line):
    dialect: DialectName = "postgresql"

    def __init__(self, database: Postgres, options: Mapping[str, Any]) -> None:
        self._database = database
        self._options = options
        self._connection: AsyncConnection | None = None
        self._finished = False

    async def rows(self, statement: Statement, params: Params = NO_PARAMS) -> Rows:
        return (await self._execute(statement, params)).fetchall()

    async def run(self, statement: Statement, params: Params = NO_PARAMS) -> int:
        return (await self._execute(statement, params)).rowcount

    async def run_many(self, statement: Prepared, rows: Sequence[Params]) -> None:
        await self._execute(statement, rows)

    async def _execute(self, statement: Statement, params: Params | Sequence[Params]) -> CursorResult[Any]:
        words = statement.on("postgresql") if isinstance(statement, Prepared) else statement
        try:
            connection = await self._ready()
            return await connection.execute(words, params)
        except FAILURES as failure:
            raise translated(failure) from failure

    async def _ready(self) -> AsyncConnection:
        if self._finished:
            raise Finished
        if self._connection is None:
            self._connection = await self._database.connect(self._options)
        self._database.statements += 1
        return self._connection

    async def commit(self) -> None:
        if self._finished:
            raise Finished
        self._finished = True
        if self._connection is not None:
            try:
                await self._connection.commit()
            except FAILURES as failure:
                raise translated(failure) from failure
            finally:
                await self._close()

    async def drop(self) -> None:
        self._finished = True
        if self._connection is not None:
            await self._close()

    async def _close(self) -> None:
        """Back into the pool, which rolls back what is still open; shielded, or a cancelled task would leak it."""
        connection, self._connection = self._connection, None
        assert connection is not None
        await asyncio.shield(connection.close())


class Postgres(Database):
    """The database that several gateways share."""

    def __init__(self, url: URL, on_wake: Callable[[], None]) -> None:
        self.statements = 0
        self._engine = create_async_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_SECONDS,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "server_settings": {"jit": "off"},  # none of our statements is long enough to be worth compiling
            },
        )
        self._bell = _Bell(url, on_wake)

    def writing(self) -> Line:
        return _PostgresLine(self, WRITING)

    def reading(self) -> Line:
        return _PostgresLine(self, READING)

    async def connect(self, options: Mapping[str, Any]) -> AsyncConnection:
        connection = await self._engine.connect()
        if not options:
            return connection
        try:
            return await connection.execution_options(**options)
        except BaseException:
            await asyncio.shield(connection.close())
            raise

    def listen(self) -> None:
        """Begin to hear other processes."""
        self._bell.start()

    async def heads(self) -> tuple[str, ...]:
        async with self._engine.connect() as connection:
            return await connection.run_sync(_heads)

    async def ping(self) -> None:
        async with asyncio.timeout(CONNECT_SECONDS), self._engine.connect() as connection:
            await connection.execute(PING)

    def woken(self) -> None:
        self._bell.tell()

    async def aclose(self) -> None:
        await self._bell.aclose()
        await self._engine.dispose()


def _heads(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()


class _Bell:
    """One connection that listens for other processes' wake-ups and sends ours.

    NOTIFY goes out after the commit and many at a time, not inside the unit: it would make all commits of the database
    wait for one another. Should it be lost with a dying process, the others find the work by their own clock.
    """

    def __init__(self, url: URL, on_wake: Callable[[], None]) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._on_wake = on_wake
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_listening(), name="postgres-bell")

    def tell(self) -> None:
        self._due.set()

    async def _keep_listening(self) -> None:
        while True:
            try:
                await self._listen()
            except FAILURES as failure:
                log.warning("wake_line_lost", error=type(failure).__name__)
                await asyncio.sleep(BACK_OFF_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS)
        try:
            connection.add_termination_listener(lambda _gone: self._due.set())
            await connection.add_listener(CHANNEL, self._heard)
            while not connection.is_closed():
                await self._due.wait()
                self._due.clear()
                await connection.execute(f"NOTIFY {CHANNEL}")
        finally:
            with contextlib.suppress(*FAILURES):
                await connection.close(timeout=CONNECT_SECONDS)

    def _heard(self, connection: Any, pid: int, _channel: str, _payload: object) -> None:
        if pid != connection.get_server_pid():  # our own units ring in this process by themselves
            self._on_wake()

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
