"""Offices to talk to: on SQLite for what is said, on each database for what must not be lost."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.intake.talks import Office, open_office

Opening = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def opening(sqlite_template: Path, tmp_path: Path) -> Opening:
    """Opens an office with other settings, on SQLite."""
    path = tmp_path / "tousu.db"
    shutil.copy(sqlite_template, path)
    return partial(open_office, data_dir=tmp_path, database_url=f"sqlite+aiosqlite:///{path}")


@pytest.fixture
async def office(opening: Opening) -> AsyncIterator[Office]:
    async with opening() as office:
        yield office


@pytest.fixture
async def each_office(store_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """The test runs once on each kind of database."""
    async with open_office(data_dir=tmp_path, database_url=store_url) as office:
        yield office
