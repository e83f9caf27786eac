"""Gateways that are replaced one after the other: for a while those of two releases work on the same tables."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, event, insert, make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from store.blobs import FolderBlobs
from store.crypto import Keyring
from store.errors import SchemaAhead, SchemaBehind
from store.schema import _config, _upgrade, expected_heads, migrate
from store.sqlite import sqlite_engine
from store.unit import Store
from tests.postgres import Databases

FIRST = "0008"  # the last release whose gateways knew nothing of others; from then on migrations only add
SCRIPTS = ScriptDirectory.from_config(_config())
(HEAD,) = expected_heads()
BEFORE = str(SCRIPTS.get_revision(HEAD).down_revision)

HARM = [
    (re.compile(words, re.IGNORECASE), why)
    for words, why in (
        (r"\bDROP (TABLE|COLUMN)\b", "an older gateway reads it"),
        (r"\bRENAME\b", "an older gateway knows the old name"),
        (r"\bALTER COLUMN \S+ (TYPE|SET NOT NULL|DROP DEFAULT|SET DATA)\b", "an older gateway writes what it did"),
        (r"\bADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b", "an older gateway leaves it out"),
        (r"\bADD CONSTRAINT\b", "an older gateway does not obey it"),
    )
]
VALUES: dict[type, Any] = {
    int: 7,
    float: 0.5,
    str: "x",
    bytes: b"x",
    bool: True,
    date: date(2026, 11, 23),
    datetime: datetime(2026, 11, 23, tzinfo=UTC),
}
NEW_TABLE = re.compile(r"CREATE TABLE (\w+)", re.IGNORECASE)
NARROW = re.compile(r"CREATE UNIQUE INDEX \S+ ON (\w+)", re.IGNORECASE)


def harm(statements: Iterable[str]) -> list[str]:
    """What would disturb a gateway that knows only the tables of before."""
    made: set[str] = set()
    found = []
    for statement in statements:
        flat = " ".join(statement.split())
        made.update(NEW_TABLE.findall(flat))
        found += [f"{flat}: {why}" for words, why in HARM if words.search(flat)]
        found += [f"{flat}: narrows what is there" for table in NARROW.findall(flat) if table not in made]
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE complaints DROP COLUMN keep_until",
        "DROP TABLE holds",
        "ALTER TABLE complaints RENAME keep_until TO kept",
        "ALTER TABLE complaints ALTER COLUMN number TYPE VARCHAR(64)",
        "ALTER TABLE complaints ALTER COLUMN keep_until SET NOT NULL",
        "ALTER TABLE complaints ADD COLUMN more VARCHAR(9) NOT NULL",
        "CREATE UNIQUE INDEX u ON complaints (number)",
        "ALTER TABLE complaints ADD CONSTRAINT c CHECK (id > 0)",
    ],
)
def test_what_would_disturb_an_older_gateway_is_known(statement: str) -> None:
    assert harm([statement])


def test_additions_disturb_nobody() -> None:
    tables = ["CREATE TABLE n (id BIGINT NOT NULL)", "CREATE UNIQUE INDEX u ON n (id)", "CREATE INDEX i ON c (id)"]
    columns = ["ALTER TABLE c ADD COLUMN a INT", "ALTER TABLE c ADD COLUMN a INT DEFAULT 0 NOT NULL"]
    assert harm([*tables, *columns]) == []


async def test_migrations_only_add(postgres: Databases) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    def go(connection: Connection) -> None:
        _upgrade(connection, FIRST)
        event.listen(connection, "before_cursor_execute", note)
        _upgrade(connection)

    engine = create_async_engine(await postgres.create(migrated=False))
    async with engine.begin() as opened:
        await opened.run_sync(go)
        borne = set(await opened.scalars(text("SELECT revision FROM bearable")))
    await engine.dispose()
    assert any("leases" in statement for statement in statements)
    assert harm(statements) == []
    after = [script for script in SCRIPTS.walk_revisions() if script.revision > FIRST]
    assert borne >= {script.down_revision for script in after}, "each migration says that the one before may go on"


async def on(url: str, work: Callable[[Connection], None]) -> None:
    """On a connection of a new database."""
    if url.startswith("postgres"):
        engine = create_async_engine(url)
        try:
            async with engine.begin() as opened:
                await opened.run_sync(work)
        finally:
            await engine.dispose()
        return
    plain = sqlite_engine(make_url(url))
    with plain.connect() as connection:
        work(connection)
    plain.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
async def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/new.db"
    databases: Databases = request.getfixturevalue("postgres")
    return await databases.create(migrated=False)


async def test_a_gateway_of_the_release_before_goes_on_writing_and_reading(new_url: str) -> None:
    """Every table, with the columns that it knows and no others."""

    def go(connection: Connection) -> None:
        _upgrade(connection, BEFORE)
        old = MetaData()
        old.reflect(connection)
        tables = [table for table in old.sorted_tables if table.name != "alembic_version"]
        _upgrade(connection)
        rows: dict[str, dict[str, Any]] = {}
        for table in tables:
            rows[table.name] = row(table, rows)
            connection.execute(insert(table).values(rows[table.name]))
        for table in tables:
            found = connection.execute(select(table).where(*same(table, rows[table.name]))).mappings().one()
            assert {name: found[name] for name in rows[table.name]} == rows[table.name], table.name
        assert len(tables) > 20

    await on(new_url, go)


def row(table: Table, others: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A value for every column that has to have one."""
    needed = [each for each in table.columns if each.primary_key or not (each.nullable or each.server_default)]
    return {column.name: value(column, others) for column in needed}


def value(column: Column[Any], others: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        return others[key.column.table.name][key.column.name]
    return VALUES[column.type.python_type]


def same(table: Table, given: dict[str, Any]) -> list[Any]:
    return [column == given[column.name] for column in table.primary_key if column.name in given]


async def a_later_release_migrates(url: str, bearing: bool) -> None:
    def go(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        if bearing:
            connection.execute(text(f"INSERT INTO bearable (revision) VALUES ('{HEAD}')"))

    await on(url, go)


async def test_a_gateway_starts_on_the_tables_of_the_next_release_which_bears_it(
    new_url: str, tmp_path: Path, keyring: Keyring
) -> None:
    await migrate(new_url)
    await a_later_release_migrates(new_url, bearing=True)
    await migrate(new_url)
    store = await Store.open(new_url, keyring, FolderBlobs(tmp_path, keyring))
    await store.ping()
    await store.aclose()


async def test_a_gateway_refuses_tables_that_do_not_bear_it(new_url: str, tmp_path: Path, keyring: Keyring) -> None:
    await migrate(new_url)
    await a_later_release_migrates(new_url, bearing=False)
    for refused in (migrate(new_url), Store.open(new_url, keyring, FolderBlobs(tmp_path, keyring))):
        with pytest.raises(SchemaAhead, match="install the newer"):
            await refused


async def test_a_gateway_refuses_the_tables_of_the_release_before_until_they_are_migrated(
    new_url: str, tmp_path: Path, keyring: Keyring
) -> None:
    await on(new_url, lambda connection: _upgrade(connection, BEFORE))
    with pytest.raises(SchemaBehind, match="migrate"):
        await Store.open(new_url, keyring, FolderBlobs(tmp_path, keyring))
    await asyncio.gather(migrate(new_url), migrate(new_url))
    await (await Store.open(new_url, keyring, FolderBlobs(tmp_path, keyring))).aclose()
