"""Who is written together: a mistake in one record is that record's, and nobody is left waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import pytest

from gateway.spool.shelf import Shelf
from gateway.spool.spool import Spool
from store.crypto import Keyring
from tests.spool.conftest import a_record

Open = Callable[[], Awaitable[Spool]]


async def put_together(spool: Spool, *keys: Any) -> list[BaseException | None]:
    """What became of each of those who come at once."""
    async with asyncio.timeout(5):
        return await asyncio.gather(*(spool.put(a_record(key=key)) for key in keys), return_exceptions=True)


def kinds(outcomes: list[BaseException | None]) -> list[type[BaseException] | None]:
    return [None if outcome is None else type(outcome) for outcome in outcomes]


async def test_one_record_that_cannot_be_packed_fails_alone(open_spool: Open) -> None:
    spool = await open_spool()
    outcomes = await put_together(spool, "a", object(), "b")
    assert [isinstance(outcome, TypeError) for outcome in outcomes] == [False, True, False]
    assert spool.depth == 2
    assert spool.problem == ""


async def test_one_record_that_cannot_be_sealed_fails_alone_and_is_not_found_again(open_spool: Open) -> None:
    spool = await open_spool()
    seal = Keyring.seal

    def too_large(self: Keyring, value: bytes | str, aad: str) -> bytes:
        if b'"large"' in bytes(value):  # type: ignore[arg-type]  # a record is bytes
            raise MemoryError
        return seal(self, value, aad)

    with patch.object(Keyring, "seal", too_large):
        assert kinds(await put_together(spool, "a", "large", "b")) == [None, MemoryError, None]
    await spool.aclose()
    after = await open_spool()
    assert sorted(entry.key for entry in after.waiting()["wang"]) == ["a", "b"]


async def test_nobody_waits_for_ever_whatever_goes_wrong(open_spool: Open) -> None:
    spool = await open_spool()
    with patch.object(Shelf, "put", side_effect=RuntimeError("a mistake of ours")):
        assert kinds(await put_together(spool, "a", "b")) == [RuntimeError] * 2
    assert kinds(await put_together(spool, "c")) == [None]
    assert spool.depth == 1


async def test_who_comes_after_the_end_is_told_so(open_spool: Open) -> None:
    spool = await open_spool()
    await spool.put(a_record())
    await spool.aclose()
    with pytest.raises(RuntimeError):
        async with asyncio.timeout(5):
            await spool.put(a_record(key="late"))
