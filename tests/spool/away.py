"""A database that goes away: it refuses, or it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from unittest.mock import patch

from store.errors import Unavailable
from store.unit import Store, Unit


async def _refuse() -> None:
    raise Unavailable("ConnectionRefusedError")


async def _hang() -> None:
    await asyncio.Event().wait()


class _Refused(AbstractAsyncContextManager[Unit]):
    async def __aenter__(self) -> Unit:
        raise Unavailable("ConnectionRefusedError")

    async def __aexit__(self, *_: object) -> None: ...


class _Hanging(_Refused):
    async def __aenter__(self) -> Unit:
        await _hang()
        return await super().__aenter__()


@contextmanager
def refusing(store: Store) -> Iterator[None]:
    with (
        patch.object(store, "unit", _Refused),
        patch.object(store, "reading", _Refused),
        patch.object(store, "ping", _refuse),
    ):
        yield


@contextmanager
def hanging(store: Store) -> Iterator[None]:
    with (
        patch.object(store, "unit", _Hanging),
        patch.object(store, "reading", _Hanging),
        patch.object(store, "ping", _hang),
    ):
        yield
