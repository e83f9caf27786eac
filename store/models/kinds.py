"""What all tables are made of: the metadata, kinds of columns, and conditions that partial indexes recognise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Time(TypeDecorator[datetime]):
    """An aware moment: timestamptz in PostgreSQL; in SQLite ISO text in UTC of fixed width, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is not stored")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER is a rowid in SQLite
Sealed = LargeBinary
Blind = String(32)
Code = String(32)
Name = String(200)


def id_column(name: str = "id") -> Column[int]:
    return Column(name, Id, primary_key=True)


def link(name: str, target: str) -> Column[int]:
    return Column(name, Id, ForeignKey(target))


def where(condition: ColumnElement[bool]) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def filled(name: str, *columns: Column[Any]) -> Index:
    """An index of the rows that have a value: most complaints have few identifiers, and each index costs a write."""
    return Index(name, *columns, **where(columns[0].is_not(None)))


def one_of(column: ColumnElement[Any], *codes: str) -> ColumnElement[bool]:
    """``column IN ('a', 'b')`` with the codes written out: a partial index serves only a condition it can recognise."""
    return column.in_([literal_column(f"'{code}'") for code in codes])


def is_set(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """``column = true`` in these words: written ``= 1``, SQLite would not know the partial index that they made."""
    return column == literal_column("true")


def in_progress(state: ColumnElement[Any]) -> ColumnElement[bool]:
    """A call that is not over: what the index ix_calls_open holds."""
    return one_of(state, "ringing", "in-progress")


def in_line(state: ColumnElement[Any]) -> ColumnElement[bool]:
    """A message that has not left yet: what the index ix_outbox_line holds."""
    return one_of(state, "waiting", "claimed", "parked", "held")


ANSWERED = ("DECIDED", "IMPLEMENTING", "FOLLOW_UP", "EVALUATED", "REVIEW_REQUESTED", "REVIEWING", "REVIEW_DECIDED")


def still_open(status: ColumnElement[Any]) -> ColumnElement[bool]:
    """A complaint whose life is not over: what the indexes ix_complaints_open_* hold."""
    return status.not_in([literal_column(f"'{code}'") for code in ("WITHDRAWN", "ARCHIVED", "NOT_HANDLED")])


def unanswered(status: ColumnElement[Any]) -> ColumnElement[bool]:
    """A complaint that still waits for its decision: nothing else of it is due, or late."""
    return status.not_in(ANSWERED)
