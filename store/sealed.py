"""Where sealed values are kept: every column of that kind, found in the models, so that none can be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, Table

from store.models import metadata

# A value of these is sealed for its row too: one cannot be passed off as that of another.
FOR_THEIR_ROW = frozenset({"memory.value"})


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedTable:
    """A table, the column that its rows are known by, and those of its columns that are sealed."""

    table: Table
    key: Column[Any]
    columns: Sequence[Column[Any]]

    @property
    def name(self) -> str:
        return self.table.name

    def place(self, column: str, key: object) -> str:
        """What a value of this row is sealed for."""
        place = f"{self.name}.{column}"
        return f"{place}/{key}" if place in FOR_THEIR_ROW else place


def sealed_tables() -> list[SealedTable]:
    """Every table that has something sealed."""
    found = [(table, _sealed(table)) for table in metadata.sorted_tables]
    return [SealedTable(table=table, key=_key(table), columns=columns) for table, columns in found if columns]


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, LargeBinary)]


def _key(table: Table) -> Column[Any]:
    [key] = table.primary_key.columns
    return key
