"""Statements written once by SQLAlchemy and run again and again by the driver.

Running a statement through SQLAlchemy costs three times what SQLite itself needs for it. So a statement of a
repository is a module constant, ``Prepared``; on SQLite it is compiled once for each set of parameters, then bound,
run and read with the same types, without SQLAlchemy in between. On PostgreSQL, where the network costs more, it runs
as SQLAlchemy runs it.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

DialectName = Literal["sqlite", "postgresql"]
Converter = Callable[[Any], Any] | None
Values = Mapping[str, Any]

_DIALECT = sqlite.dialect(paramstyle="qmark")


class Prepared:
    """One statement in the words of both dialects."""

    __slots__ = ("_forms", "_words")

    def __init__(self, statement: Executable, *, postgresql: Executable | None = None) -> None:
        other = statement if postgresql is None else postgresql
        self._words: Mapping[DialectName, Executable] = {"sqlite": statement, "postgresql": other}
        self._forms: dict[tuple[str, ...], Form] = {}

    def on(self, dialect: DialectName) -> Executable:
        """The statement for SQLAlchemy to run."""
        return self._words[dialect]

    def form(self, names: Iterable[str]) -> Form:
        """The statement for SQLite's driver to run with parameters of these names."""
        key = tuple(names)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = Form(self._words["sqlite"], key)
        return form


def upsert(table: Table, build: Callable[[Any], Executable]) -> Prepared:
    """An INSERT … ON CONFLICT, whose two dialects SQLAlchemy keeps apart although they are written alike."""
    return Prepared(build(sqlite.insert(table)), postgresql=build(postgresql.insert(table)))


class Form:
    """SQL text, how its parameters are bound in order, and how its rows are read."""

    __slots__ = ("_binders", "_convert", "_record", "sql")

    def __init__(self, statement: Any, names: Sequence[str]) -> None:
        compiled = statement.compile(dialect=_DIALECT, column_keys=list(names))
        self.sql: str = compiled.string
        self._binders = _binders(compiled, names)
        columns = statement.exported_columns
        readers = [column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns]
        self._convert = [(place, reader) for place, reader in enumerate(readers) if reader is not None]
        self._record = _record([column.key for column in columns])

    def bound(self, values: Values) -> list[Any]:
        """The parameters in order; raises KeyError for one that is missing."""
        return [
            constant if name is None else convert(values[name]) if convert is not None else values[name]
            for name, convert, constant in self._binders
        ]

    def read(self, cursor: sqlite3.Cursor) -> list[Any]:
        """All rows of a cursor, as named tuples of converted values."""
        return [self._row(found) for found in cursor.fetchall()]

    def _row(self, found: tuple[Any, ...]) -> Any:
        values = list(found)
        for place, reader in self._convert:
            values[place] = reader(values[place])
        return self._record._make(values)


def _record(names: Sequence[str]) -> Any:
    return namedtuple("Record", names, rename=True)


def _binders(compiled: SQLCompiler, names: Sequence[str]) -> list[tuple[str | None, Converter, Any]]:
    """For each place: the parameter's name and its converter, or no name and the constant that stands there."""
    given = set(names)
    binders: list[tuple[str | None, Converter, Any]] = []
    for place in compiled.positiontup or ():
        bind = compiled.binds[place]
        convert = _converter(bind.type)
        if bind.key in given or bind.required:
            binders.append((bind.key, convert, None))
        else:
            constant = bind.effective_value
            binders.append((None, None, convert(constant) if convert is not None else constant))
    return binders


def _converter(kind: TypeEngine[Any]) -> Converter:
    return kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
