"""The tables that the migrations build are those of the models."""

from __future__ import annotations

import asyncio

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store.models import metadata
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


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_the_hot_look_ups_use_their_indexes(store_url: str) -> None:
    """A partial index serves only a query that repeats its condition; a slip here would cost a scan of everything."""
    questions = {
        "SELECT * FROM complaints WHERE phone_index = ? ORDER BY id DESC": "ix_complaints_phone_index",
        "SELECT * FROM complaints WHERE sender = ? AND channel = ? ORDER BY id DESC": "ix_complaints_sender",
        "SELECT * FROM timeline WHERE complaint_id = ? AND id > ? ORDER BY id": "ix_timeline_complaint_id",
        "SELECT * FROM conversations WHERE remind_at <= ? ORDER BY remind_at": "ix_conversations_remind_at",
    }
    engine = sqlite_engine(make_url(store_url))
    with engine.connect() as connection:
        for question, index in questions.items():
            values = tuple("x" for _ in range(question.count("?")))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values).fetchall()
            assert any(f"USING INDEX {index}" in row[3] for row in plan), (question, plan)
    engine.dispose()
