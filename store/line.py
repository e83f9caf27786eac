"""The line to the database that a unit holds: two verbs, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Executable
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from store.errors import Busy, Collided, Conflict, Refused, Unavailable
from store.prepared import DialectName, Prepared

Params = Mapping[str, Any]
Statement = Prepared | Executable  # one that is made anew each time is run by SQLAlchemy on both databases
AnyRow = Any  # a named tuple of the statement's columns, which differ from statement to statement
Rows = Sequence[AnyRow]
NO_PARAMS: Params = {}

# SQLSTATE of PostgreSQL (appendix A of its manual) → ours. What is not here, and every lost line, is Unavailable.
COLLISIONS = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
TOO_LATE = frozenset({"55P03", "57014", "53300"})  # lock_not_available, query_canceled, too_many_connections
DATA = "22"  # class 22, data exception: too long, out of range, not text; the same again would fail for ever


class Line(Protocol):
    """One transaction's line to the database; it begins with its first statement."""

    dialect: DialectName

    @abstractmethod
    async def rows(self, statement: Statement, params: Params = NO_PARAMS) -> Rows:
        """Run a statement and fetch all that it returns."""

    @abstractmethod
    async def run(self, statement: Statement, params: Params = NO_PARAMS) -> int:
        """Run a statement; how many rows it changed."""

    @abstractmethod
    async def run_many(self, statement: Prepared, rows: Sequence[Params]) -> None:
        """Run a statement once for each of several rows, on one trip."""

    @abstractmethod
    async def commit(self) -> None:
        """Make what was done durable and end the transaction."""

    @abstractmethod
    async def drop(self) -> None:
        """Undo what was not committed and end the transaction; harmless after a commit."""


class Database(Protocol):
    """Where lines come from."""

    statements: int  # run so far by units, for tests that count

    @abstractmethod
    def writing(self) -> Line: ...

    @abstractmethod
    def reading(self) -> Line: ...

    @abstractmethod
    async def heads(self) -> tuple[str, ...]:
        """The revisions that the tables are at."""

    @abstractmethod
    async def ping(self) -> None: ...

    @abstractmethod
    def woken(self) -> None:
        """Tell other processes that there is work."""

    @abstractmethod
    async def aclose(self) -> None: ...


def translated(failure: BaseException) -> Exception:
    """A driver's error in our words; its text is left out, as it may quote what was stored."""
    if (
        isinstance(failure, StatementError)
        and not isinstance(failure, DBAPIError)
        and isinstance(failure.orig, Exception)
    ):
        return failure.orig  # a value of ours that cannot be stored, not the database
    if isinstance(failure, IntegrityError | sqlite3.IntegrityError):
        return Conflict()
    name = type(failure).__name__
    state = sqlstate_of(failure)
    if state in COLLISIONS:
        return Collided(state)
    if state in TOO_LATE:
        return Busy(state)
    if state.startswith(DATA) or isinstance(failure, DataError | sqlite3.DataError):
        return Refused(state or name)
    return Unavailable(name)


def sqlstate_of(failure: BaseException) -> str:
    """PostgreSQL's five-letter code, from asyncpg's own error or from SQLAlchemy's around it; "" when there is none."""
    inner = failure.orig if isinstance(failure, DBAPIError) else failure
    return str(getattr(inner, "sqlstate", None) or "")
