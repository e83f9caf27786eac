"""The tables that the migrations build are those of the models."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store import calls, complaints, conversations, files, ledger, outbox, reports, tasks, timeline
from store.models import metadata
from store.prepared import Prepared
from store.schema import _config, migrate
from store.sqlite import sqlite_engine
from tests.postgres import Databases

EMPTY = ["alembic_version"]


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
    return list(compare_metadata(context, metadata))


def partial_indexes(connection: Connection) -> set[tuple[str, str]]:
    """Index and condition, as the database tells them; Alembic does not compare conditions."""
    found = inspect(connection)
    return {
        (str(index["name"]), name)
        for name in metadata.tables
        for index in found.get_indexes(name)
        if any(option.endswith("_where") for option in index.get("dialect_options", {}))
    }


def downgrade(connection: Connection) -> list[str]:
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    return inspect(connection).get_table_names()


async def test_migrations_and_models_agree(store_url: str) -> None:
    expected = {
        (str(index.name), name)
        for name, table in metadata.tables.items()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    engine = create_async_engine(store_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(partial_indexes) == expected
    await engine.dispose()


async def test_migrating_again_changes_nothing(store_url: str) -> None:
    await migrate(store_url)


async def test_gateways_that_start_together_migrate_once(postgres: Databases) -> None:
    url = await postgres.create(migrated=False)
    await asyncio.gather(*[migrate(url) for _ in range(3)])


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_the_way_back_leaves_nothing_on_sqlite(store_url: str) -> None:
    engine = sqlite_engine(make_url(store_url))
    with engine.connect() as connection:
        assert downgrade(connection) == EMPTY
    engine.dispose()


async def test_the_way_back_leaves_nothing_on_postgres(postgres: Databases) -> None:
    engine = create_async_engine(await postgres.create())
    async with engine.begin() as connection:
        assert await connection.run_sync(downgrade) == EMPTY
    await engine.dispose()


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (ledger._WAITING, "before most"),
        (ledger._QUARANTINED, "after most"),
        (ledger._LOCK, "in_channel in_key"),
        (conversations._FIND, "in_channel by"),
        (conversations._DUE, "now most"),
        (complaints._OF_CONTACT, "by in_channel most"),
        (timeline._OF, "which after most"),
        (timeline._OF_CONVERSATION, "which most"),
        (timeline._ADOPT, "talk complaint_id"),
        (outbox._UNPARK, "talk state next_at"),
        (outbox._BY_PROVIDER_ID, "which in_channel"),
        (conversations._DUE_IDS, "now most"),
        (reports._OF, "which in_channel most"),
        (reports._FORGET, "before"),
        (files._ADOPT, "talk complaint_id"),
        (files._OF_CONVERSATION, "which"),
        (calls._LOCK, "in_channel which"),
        (calls._GET, "in_channel which"),
        (calls._TOUCH, "in_channel which now"),
        (calls._OF_CONTACT, "in_channel by most"),
        (calls._OPEN_SINCE, "before most"),
        (tasks._LIST_AFTER, "in_state most after"),
    ],
)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_no_look_up_grows_with_the_history(store_url: str, statement: Prepared, parameters: str) -> None:
    """A partial index serves only a query that repeats its condition; a slip there would scan everything we have."""
    sql = statement.form(parameters.split()).sql
    engine = sqlite_engine(make_url(store_url))
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")).fetchall()
    engine.dispose()
    scans = [row[3] for row in plan if row[3].startswith("SCAN") and row[3] != "SCAN due"]  # due: the CTE itself
    assert scans == []
