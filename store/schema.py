"""Bringing the tables to this version, and knowing whether they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.sqlite import sqlite_engine

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x746F757375  # "tousu": an advisory lock has a number for a name


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def expected_heads() -> tuple[str, ...]:
    """The revisions that this version's tables have."""
    return tuple(ScriptDirectory.from_config(_config()).get_heads())


async def migrate(url: str) -> None:
    """Bring the tables of a database to this version; several processes may do so at once."""
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
    _upgrade(connection)
    connection.commit()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
