"""A row in every table that has something sealed, whatever the tables may become."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, insert, select

from store.crypto import Keyring
from store.models import metadata
from store.models.kinds import Time
from store.sealed import SealedTable, sealed_tables
from store.unit import Store

AT = datetime(2026, 11, 23, tzinfo=UTC)


async def fill(store: Store, id: int = 1, **special: Any) -> None:
    """One row in each table, every sealed column of it with words of its own; ``special``: values by table__column."""
    of = {each.name: each for each in sealed_tables()}
    line = store._database.writing()
    for table in metadata.sorted_tables:
        row = {column.name: _value(column, of.get(table.name), store.keyring, id) for column in table.columns}
        named = {name: special[f"{table.name}__{name}"] for name in row if f"{table.name}__{name}" in special}
        await line.run(insert(table).values(row | named))
    await line.commit()


async def opened(store: Store, id: int = 1) -> dict[str, str]:
    """Place → what stands there, of everything sealed in the rows that ``fill`` made and that are still there."""
    found = {}
    line = store._database.reading()
    for of in sealed_tables():
        for row in await line.rows(select(of.key, *of.columns).where(of.key == _plain(of.key, id))):
            for column, value in zip(of.columns, row[1:], strict=True):
                place = of.place(column.name, row[0])
                found[f"{of.name}.{column.name}"] = store.keyring.open(value, place).decode() if value else ""
    await line.drop()
    return found


def words(place: str, id: int = 1) -> str:
    """What ``fill`` writes there: JSON, as most of these are."""
    said = f"canary {id} of {place}"
    if place.endswith(".contact"):
        return json.dumps(["email", said])
    if place == "complaints.record":
        matter = {"value": said, "method": "rule", "confidence": 1}
        return json.dumps({"intent": "complaint", "language": "zh-Hans", "fields": {"matter": matter}})
    return json.dumps({"words": said, "images": []})


def _value(column: Column[Any], of: SealedTable | None, keys: Keyring, id: int) -> Any:
    if isinstance(column.type, LargeBinary):
        assert of is not None, "a sealed column that nobody knows of"
        return keys.seal(words(f"{of.name}.{column.name}", id), of.place(column.name, _plain(of.key, id)))
    return _plain(column, id)


def _plain(column: Column[Any], id: int) -> Any:
    if isinstance(column.type, Time):
        return AT
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Date):
        return date(2026, 11, id % 28 + 1)
    if isinstance(column.type, Integer | BigInteger):
        return id
    return f"x{id}"
