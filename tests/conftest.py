"""What every test can ask for: a store on either database. And what every test must obey: nothing leaves the host."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import structlog
from _pytest.nodeid import coerce_node_id
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from gateway.casework.emergency import plans
from gateway.casework.own_file import parsed
from gateway.operations.logs import configure_logs
from store.blobs import FolderBlobs
from store.crypto import Keyring, new_secret
from store.unit import Store, migrate
from tests.compiled import compiled_once
from tests.dovecot import Dovecot
from tests.dovecot import running as running_dovecot
from tests.postgres import Databases, apart, running

# Machines are shared: no example fails for taking long, and none for being slow to make.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")

# Nor is the database held to be away for it: what is put on disk meanwhile is the business of tests/spool.
os.environ.setdefault("TOUSU_SPOOL_AFTER_SECONDS", "3")

MAILBOXES = itertools.count(1)
LOOPBACK = ("127.", "::1", "::ffff:127.", "localhost")


class LeftTheHost(AssertionError):
    """A test tried to talk to the outside world."""


def _check(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
        raise LeftTheHost(f"{address[0]}:{address[1]}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each xdist_group on one worker: xdist 3.8 writes it where pytest 9.2 does not look for it any more."""
    for item in items:
        if grouped := vars(item).get("_nodeid"):
            item._id = coerce_node_id(grouped)  # type: ignore[attr-defined,unused-ignore]


@pytest.fixture(autouse=True, scope="session")
def log_lines_of_the_service() -> dict[str, Any]:
    """The gateway's own log lines: structlog's default ones for a developer take a second for each traceback."""
    configure_logs("info")
    return structlog.get_config()


@pytest.fixture(autouse=True)
def logs_as_in_service(log_lines_of_the_service: dict[str, Any]) -> None:
    """Also after a test that started a service with a quieter log: it sets up the whole process."""
    structlog.configure(**log_lines_of_the_service)


@pytest.fixture(autouse=True, scope="session")
def passwords_cost_little() -> Iterator[None]:
    """Whoever opens a gateway hashes one, for which the true cost is a core and 64 MiB; tests/signin holds us to it."""
    quick = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with patch("gateway.staff.signin.passwords.PasswordHasher", quick):
        yield


@pytest.fixture(autouse=True, scope="session")
def shipped_plans_are_read_once() -> Iterator[None]:
    """Not for each gateway that is opened: the file is part of the program. An insurer's own are read every time."""
    once = parsed(plans.SHIPPED, plans.BrokenPlans)
    with patch.object(plans, "parsed", lambda file, broken: once if file == plans.SHIPPED else parsed(file, broken)):
        yield


@pytest.fixture(autouse=True, scope="session")
def templates_are_compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture(autouse=True)
def nothing_leaves_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and datagram to elsewhere; asyncio's loops connect by these very methods."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, *args: Any) -> int:
        _check(self, args[-1])
        return sendto(self, *args)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A PostgreSQL server, started by the first test that needs it."""
    with running() as databases:
        yield databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    apart(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.from_secret(new_secret())


@pytest.fixture(params=["sqlite", "postgres"])
async def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "tousu.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite+aiosqlite:///{path}"
    databases: Databases = request.getfixturevalue("postgres")
    return await databases.emptied()


@pytest.fixture
async def store(store_url: str, keyring: Keyring, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store; the test runs once on each kind of database."""
    opened = await Store.open(store_url, keyring, FolderBlobs(tmp_path / "blobs", keyring))
    yield opened
    await opened.aclose()


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """A real IMAP server, where the system has one."""
    with running_dovecot() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """A fresh mailbox on a real Dovecot."""
    return dovecot_server.for_user(f"tousu{next(MAILBOXES)}")
