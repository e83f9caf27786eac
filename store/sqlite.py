"""SQLite: one writing connection whose turn goes round, readers beside it, and one fsync for all who commit together.

Statements run on the event loop itself: on a local file they take some tens of microseconds, less than handing them
to a thread and back. Only what waits for the disk, the COMMIT with its fsync, runs in a thread. Units take turns by an
asyncio lock instead of spinning on SQLite's; each is a SAVEPOINT, and those that finish while a COMMIT is under way
share the next one (group commit). A unit's ``commit`` returns only after the COMMIT that holds its work.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from store.errors import Busy, Finished
from store.line import NO_PARAMS, Database, Line, Params, Rows, Statement, translated
from store.prepared import DialectName, Prepared

TURN_SECONDS = 30.0  # for a unit of this process: a longer wait means that somebody holds a unit while talking outside
LOCK_SECONDS = 5.0  # for the write lock that another process holds
FIRST_PAUSE = 0.002
LONGEST_PAUSE = 0.05
SPARE_READERS = 4


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    # The wait for a lock stands still on the event loop, so it is short here; `_begin` tries again with pauses.
    for pragma in (
        "busy_timeout=20",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is erased must not be left in free pages; many builds do so by themselves
        "cache_size=-16384",
    ):
        raw.execute(f"PRAGMA {pragma}").close()


def sqlite_engine(url: URL) -> Engine:
    """A plain engine on the file that a ``sqlite+aiosqlite`` URL names, with our pragmas."""
    if url.database in (None, "", ":memory:"):
        raise ValueError("the store needs a file: in memory nothing is durable")
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",  # BEGIN and COMMIT are ours
        connect_args={"check_same_thread": False, "cached_statements": 512, "timeout": LOCK_SECONDS},
    )
    event.listen(engine, "connect", _prepare)
    return engine


class _Open(NamedTuple):
    """One open connection: as SQLAlchemy has it, for statements made anew, and as the driver has it, for the rest."""

    connection: Connection
    raw: sqlite3.Connection

    @classmethod
    def on(cls, engine: Engine) -> _Open:
        connection = engine.connect()
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        return cls(connection, raw)


class _Writer:
    """The writing connection, whose turn it is, and the group of units that the next COMMIT makes durable."""

    def __init__(self, opened: _Open) -> None:
        self.opened = opened
        self._raw = opened.raw
        self._turn = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")
        self._group: asyncio.Future[None] | None = None
        self._committing: set[asyncio.Task[None]] = set()

    async def enter(self) -> None:
        """Wait for the turn and open a savepoint; raises Busy."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError as late:
            raise Busy("another unit of this process did not end") from late
        try:
            if not self._raw.in_transaction:
                self._fail_group()
                await self._begin()
            self._raw.execute("SAVEPOINT unit")
        except BaseException:
            self._turn.release()
            raise

    async def _begin(self) -> None:
        deadline = time.monotonic() + LOCK_SECONDS
        pause = FIRST_PAUSE
        while not self._began():
            if time.monotonic() > deadline:
                raise Busy("another process holds the write lock")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _began(self) -> bool:
        try:
            self._raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        return True

    async def keep(self) -> None:
        """End the turn and wait until the work of it is durable."""
        try:
            self._raw.execute("RELEASE unit")
        except sqlite3.Error as lost:
            self.drop()
            raise translated(lost) from lost
        group = self._group = self._group or self._gather()
        self._turn.release()
        await asyncio.shield(group)  # one waiter that gives up must not take the COMMIT from the others

    def _gather(self) -> asyncio.Future[None]:
        group = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._commit(group), name="sqlite-commit")
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)
        return group

    async def _commit(self, group: asyncio.Future[None]) -> None:
        async with self._turn:  # behind those who already wait for it: they come into this COMMIT
            if group.done():
                return
            self._group = None
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._raw.commit)
            except BaseException as failure:
                self._raw.rollback()
                _settle(group, _failure(failure))
            else:
                _settle(group, None)

    def drop(self) -> None:
        """End the turn without the work of it."""
        try:
            if self._raw.in_transaction:
                self._undo()
            else:
                self._fail_group()
        finally:
            self._turn.release()

    def _fail_group(self) -> None:
        """On some errors (disk full, out of memory) SQLite rolls the whole transaction back, other units included."""
        group, self._group = self._group, None
        if group is not None:
            _settle(group, Busy("SQLite rolled the transaction back"))

    def _undo(self) -> None:
        if self._group is None:
            self._raw.rollback()
        else:
            self._raw.execute("ROLLBACK TO unit")
            self._raw.execute("RELEASE unit")

    async def aclose(self) -> None:
        while self._committing:
            await asyncio.wait(self._committing)
        async with self._turn:
            self.opened.connection.close()
            self._thread.shutdown()


def _failure(failure: BaseException) -> Exception:
    return translated(failure) if isinstance(failure, sqlite3.Error) else Busy("the COMMIT was interrupted")


def _settle(group: asyncio.Future[None], failure: Exception | None) -> None:
    if group.done():
        return
    if failure is None:
        group.set_result(None)
    else:
        group.set_exception(failure)
        group.exception()  # seen, even when nobody waits any more


class _SqliteLine(Line):
    """What reading and writing lines share: how a statement runs on their connection."""

    dialect: DialectName = "sqlite"

    def __init__(self, database: Sqlite) -> None:
        self._database = database
        self._finished = False

    @abstractmethod
    async def _ready(self) -> _Open:
        """The connection, in a transaction."""

    async def rows(self, statement: Statement, params: Params = NO_PARAMS) -> Rows:
        try:
            connection, raw = await self._begun()
            if isinstance(statement, Prepared):
                form = statement.form(params)
                return form.read(raw.execute(form.sql, form.bound(params)))
            return connection.execute(statement, params).fetchall()
        except (sqlite3.Error, SQLAlchemyError) as failure:
            raise translated(failure) from failure

    async def run(self, statement: Statement, params: Params = NO_PARAMS) -> int:
        try:
            connection, raw = await self._begun()
            if isinstance(statement, Prepared):
                form = statement.form(params)
                return raw.execute(form.sql, form.bound(params)).rowcount
            return connection.execute(statement, params).rowcount
        except (sqlite3.Error, SQLAlchemyError) as failure:
            raise translated(failure) from failure

    async def run_many(self, statement: Prepared, rows: Sequence[Params]) -> None:
        form = statement.form(rows[0])
        try:
            _connection, raw = await self._begun()
            raw.executemany(form.sql, [form.bound(row) for row in rows])
        except sqlite3.Error as failure:
            raise translated(failure) from failure

    async def _begun(self) -> _Open:
        if self._finished:
            raise Finished
        self._database.statements += 1
        return await self._ready()


class _WritingLine(_SqliteLine):
    def __init__(self, database: Sqlite, writer: _Writer) -> None:
        super().__init__(database)
        self._writer = writer
        self._entered = False

    async def _ready(self) -> _Open:
        if not self._entered:
            await self._writer.enter()
            self._entered = True
        return self._writer.opened

    async def commit(self) -> None:
        if self._finished:
            raise Finished
        self._finished = True
        if self._entered:
            self._entered = False
            await self._writer.keep()

    async def drop(self) -> None:
        self._finished = True
        if self._entered:
            self._entered = False
            self._writer.drop()


class _ReadingLine(_SqliteLine):
    """A snapshot beside the writer; it neither waits for it nor holds it up (WAL)."""

    def __init__(self, database: Sqlite) -> None:
        super().__init__(database)
        self._opened: _Open | None = None

    async def _ready(self) -> _Open:
        if self._opened is None:
            self._opened = self._database.take_reader()
        return self._opened

    async def commit(self) -> None:
        await self.drop()

    async def drop(self) -> None:
        self._finished = True
        opened, self._opened = self._opened, None
        if opened is not None:
            self._database.give_back(opened)


class Sqlite(Database):
    """The embedded database of one file."""

    def __init__(self, url: URL) -> None:
        self.statements = 0
        self._engine = sqlite_engine(url)
        self._writer = _Writer(_Open.on(self._engine))
        self._readers: list[_Open] = []

    def writing(self) -> Line:
        return _WritingLine(self, self._writer)

    def reading(self) -> Line:
        return _ReadingLine(self)

    def take_reader(self) -> _Open:
        opened = self._readers.pop() if self._readers else self._new_reader()
        opened.raw.execute("BEGIN")
        return opened

    def _new_reader(self) -> _Open:
        opened = _Open.on(self._engine)
        opened.raw.execute("PRAGMA query_only=ON")
        return opened

    def give_back(self, opened: _Open) -> None:
        opened.raw.rollback()
        if len(self._readers) < SPARE_READERS:
            self._readers.append(opened)
        else:
            opened.connection.close()

    @contextmanager
    def _reader(self) -> Iterator[_Open]:
        opened = self.take_reader()
        try:
            yield opened
        finally:
            self.give_back(opened)

    async def heads(self) -> tuple[str, ...]:
        with self._reader() as opened:
            return MigrationContext.configure(opened.connection).get_current_heads()

    async def ping(self) -> None:
        with self._reader() as opened:
            opened.raw.execute("SELECT 1 FROM meta LIMIT 1").fetchone()

    def woken(self) -> None:
        """Other processes on the same file look for work by their own clock."""

    async def aclose(self) -> None:
        await self._writer.aclose()
        while self._readers:
            self._readers.pop().connection.close()
        self._engine.dispose()
