"""All but a few: a condition that leaves complaints out by their ids, however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class is_none_of(GenericFunction[bool]):
    """Is a number none of those in a JSON list? One parameter: there are statements with more numbers than places."""

    type = Boolean()
    inherit_cache = True


@compiles(is_none_of, "sqlite")
def _in_sqlite(element: is_none_of, compiler: SQLCompiler, **how: Any) -> str:
    number, listed = (compiler.process(each, **how) for each in element.clauses)
    return f"{number} NOT IN (SELECT value FROM json_each({listed}))"


@compiles(is_none_of, "postgresql")
def _in_postgresql(element: is_none_of, compiler: SQLCompiler, **how: Any) -> str:
    number, listed = (compiler.process(each, **how) for each in element.clauses)
    return f"{number} NOT IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({listed} AS JSON)))"


def besides(column: Column[int], ids: Iterable[int]) -> list[ColumnElement[bool]]:
    """The conditions under which a row is none of these: none at all where there are none."""
    found = sorted(ids)
    return [is_none_of(column, literal(json.dumps(found)))] if found else []
