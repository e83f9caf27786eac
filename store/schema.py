"""Bringing the tables to this version, and knowing whether they are.

While gateways are replaced one after the other, those of the release before go on with tables that the first new one
has migrated: additions do them no harm. Which revisions may, the tables say themselves, in ``bearable``.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from store.errors import SchemaAhead, SchemaBehind
from store.line import Database, translated
from store.models import bearable
from store.prepared import Prepared
from store.sqlite import sqlite_engine

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x746F757375  # "tousu": an advisory lock has a number for a name
LOCK_WAIT = "10s"  # for a table that a long query reads: all others would wait behind us

_BEARABLE = Prepared(select(bearable.c.revision))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def expected_heads() -> tuple[str, ...]:
    """The revisions that this version's tables have."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


async def check(database: Database) -> None:
    """Raises SchemaBehind, or SchemaAhead for newer tables that do not say that they bear us."""
    heads, ours = frozenset(await database.heads()), frozenset(expected_heads())
    if heads == ours:
        return
    if heads <= _known():
        raise SchemaBehind
    line = database.reading()
    try:
        borne = {row.revision for row in await line.rows(_BEARABLE)}
    finally:
        await line.drop()
    _check_borne(borne)


def _check_borne(borne: Collection[str]) -> None:
    if not set(expected_heads()) <= set(borne):
        raise SchemaAhead


async def migrate(url: str) -> None:
    """Bring the tables of a database to this version; several processes may do so at once.

    Newer tables that bear us are left as they are. Raises SchemaAhead, Busy.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _migrate_sqlite(url)
        return
    engine = create_async_engine(parsed)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate_postgres)
    finally:
        await engine.dispose()


def _migrate_sqlite(url: str) -> None:
    """On the loop itself: this runs at start, before anything is served."""
    parsed = make_url(url)
    Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(parsed)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            _upgrade(connection)
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()


def _migrate_postgres(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'"))
    try:
        _upgrade(connection)
        connection.commit()
    except DBAPIError as failure:
        raise translated(failure) from failure


def _upgrade(connection: Connection, to: str = "head") -> None:
    if not _known() >= set(MigrationContext.configure(connection).get_current_heads()):
        _check_borne(_borne_by(connection))
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _borne_by(connection: Connection) -> Collection[str]:
    """Revisions that the tables bear; none where they were not asked yet."""
    if not inspect(connection).has_table(bearable.name):
        return ()
    return connection.scalars(select(bearable.c.revision)).all()
