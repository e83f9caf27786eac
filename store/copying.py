"""All rows of all tables at one moment, in a form that either kind of database takes; read and written in portions."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    URL,
    Connection,
    Select,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.line import translated
from store.models import bearable, metadata
from store.packing import Values
from store.schema import migrate
from store.sqlite import sqlite_engine

PORTION = 200  # rows
FILLED_BY_MIGRATIONS = frozenset({bearable.name})


class Snapshot(Protocol):
    """A database as it stood at one moment."""

    async def heads(self) -> tuple[str, ...]:
        """The revisions that its tables are at."""
        ...

    def portions(self, table: Table) -> AsyncIterator[Sequence[Values]]:
        """All rows of a table, by its key."""
        ...


class Filling(Protocol):
    """An empty database, until all is in it: nothing is there before the end, and everything after it."""

    async def put(self, table: Table, rows: Sequence[Values]) -> None: ...


class NotEmpty(Exception):
    """There is something in this database already."""


def tables() -> Sequence[Table]:
    """In an order in which no row points to one that is not there yet."""
    return metadata.sorted_tables


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What the drivers raise may quote what is stored."""
    try:
        yield
    except (sqlite3.Error, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        raise translated(failure) from failure


@asynccontextmanager
async def snapshot(url: str, scratch: Path) -> AsyncIterator[Snapshot]:
    """``scratch``: a folder with room for a copy of an embedded database. Raises StoreError, OSError."""
    with _in_our_words():
        async with _snapshot(make_url(url), scratch) as taken:
            yield taken


@asynccontextmanager
async def _snapshot(parsed: URL, scratch: Path) -> AsyncIterator[Snapshot]:
    if parsed.get_backend_name() == "sqlite":
        copy = scratch / "copy.db"
        await asyncio.to_thread(_copy, Path(parsed.database or ""), copy)
        engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(copy)), connect_args={"check_same_thread": False}
        )
        try:
            with engine.connect() as connection:
                yield _SqliteSnapshot(connection)
        finally:
            engine.dispose()
        return
    shared = create_async_engine(parsed, isolation_level="REPEATABLE READ")
    try:
        async with shared.connect() as line:
            await line.execution_options(postgresql_readonly=True)
            yield _PostgresSnapshot(line)
    finally:
        await shared.dispose()


def _copy(source: Path, target: Path) -> None:
    """In one step, which holds up no writer (WAL); in several it would begin anew whenever somebody writes."""
    reading = sqlite3.connect(f"file:{source}?mode=rw", uri=True)
    writing = sqlite3.connect(target)
    try:
        reading.backup(writing, pages=-1)
    finally:
        writing.close()
        reading.close()


def _all_of(table: Table) -> Select[Any]:
    return select(*table.columns).order_by(*table.primary_key.columns)


@dataclass(frozen=True, slots=True)
class _SqliteSnapshot:
    connection: Connection

    async def heads(self) -> tuple[str, ...]:
        return MigrationContext.configure(self.connection).get_current_heads()

    async def portions(self, table: Table) -> AsyncIterator[Sequence[Values]]:
        found = self.connection.execution_options(yield_per=PORTION).execute(_all_of(table))
        portions: Iterator[Any] = found.partitions()
        while rows := await asyncio.to_thread(next, portions, None):
            yield rows


@dataclass(frozen=True, slots=True)
class _PostgresSnapshot:
    connection: AsyncConnection

    async def heads(self) -> tuple[str, ...]:
        return await self.connection.run_sync(lambda each: MigrationContext.configure(each).get_current_heads())

    async def portions(self, table: Table) -> AsyncIterator[Sequence[Values]]:
        found = await self.connection.stream(_all_of(table), execution_options={"yield_per": PORTION})
        async for rows in found.partitions():
            yield rows


@asynccontextmanager
async def filling(url: str) -> AsyncIterator[Filling]:
    """Migrates; takes effect when it is left without an error.

    Raises NotEmpty before anything is touched, StoreError, OSError.
    """
    parsed = make_url(url)
    fill = _filling_sqlite if parsed.get_backend_name() == "sqlite" else _filling_postgres
    with _in_our_words():
        async with fill(parsed) as empty:
            yield empty


@asynccontextmanager
async def _filling_postgres(parsed: URL) -> AsyncIterator[Filling]:
    engine = create_async_engine(parsed)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_refuse_what_is_filled)
        await migrate(parsed.render_as_string(hide_password=False))
        async with engine.begin() as connection:
            await connection.run_sync(_empty_what_migrations_filled)
            yield _PostgresFilling(connection)
            await connection.run_sync(_go_on_counting)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _filling_sqlite(parsed: URL) -> AsyncIterator[Filling]:
    Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(parsed)
    try:
        with engine.connect() as connection:
            _refuse_what_is_filled(connection)
        await migrate(parsed.render_as_string(hide_password=False))
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            _empty_what_migrations_filled(connection)
            yield _SqliteFilling(connection)
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _SqliteFilling:
    connection: Connection

    async def put(self, table: Table, rows: Sequence[Values]) -> None:
        await asyncio.to_thread(self.connection.execute, insert(table), _named(table, rows))


@dataclass(frozen=True, slots=True)
class _PostgresFilling:
    connection: AsyncConnection

    async def put(self, table: Table, rows: Sequence[Values]) -> None:
        await self.connection.execute(insert(table), _named(table, rows))


def _named(table: Table, rows: Sequence[Values]) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _refuse_what_is_filled(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if (
            table.name in there - FILLED_BY_MIGRATIONS
            and connection.execute(select(1).select_from(table).limit(1)).first()
        ):
            raise NotEmpty(table.name)


def _empty_what_migrations_filled(connection: Connection) -> None:
    for name in FILLED_BY_MIGRATIONS:
        connection.execute(delete(metadata.tables[name]))


def _go_on_counting(connection: Connection) -> None:
    """PostgreSQL counts rows beside the table; what was put with its number moves no counter."""
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if counter:
                last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(text(f"'{counter}'"), last, False)))
