"""Waiting for what another process or task does: looked at again and again, and a failure when it does not come."""

from __future__ import annotations

import asyncio
import inspect
import itertools
from collections.abc import Awaitable, Callable

LOOK_AGAIN = 0.02
PATIENCE = 20.0


async def until(happened: Callable[[], object | Awaitable[object]], patience: float = PATIENCE) -> None:
    """Return when ``happened()`` (or what it awaits) is true; raises TimeoutError after ``patience`` seconds."""
    async with asyncio.timeout(patience):
        for _ in itertools.count():
            answer = happened()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(LOOK_AGAIN)
