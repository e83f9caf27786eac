"""The press: letters are set in a process of their own, for that takes memory and meets strangers' text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from channels.errors import Misconfigured, Rejected, Retryable
from channels.letter.printing.values import Letterhead, PrintedLetter, ReplyLetter, to_fields
from channels.processes.pool import ProcessFailed, ProcessPool


class Press:
    """Prints letters of one sender, one after the other."""

    def __init__(
        self, head: Letterhead, *, seconds: float = 30.0, memory_mb: int = 1_000, recycle_after: int = 500
    ) -> None:
        self._pool = ProcessPool(
            "channels.letter.printing.serve",
            {"letterhead": asdict(head)},
            seconds=seconds,
            memory_mb=memory_mb,
            recycle_after=recycle_after,
        )

    @property
    def pids(self) -> frozenset[int]:
        """The processes that run now."""
        return self._pool.pids

    async def print(self, letter: ReplyLetter) -> PrintedLetter:
        """The letter as PDF. Raises Rejected, Misconfigured when fonts are missing, Retryable when it took too much."""
        # As ASCII: half a character must reach the checks, and not break the pipe.
        written = json.dumps(to_fields(letter)).encode("ascii")
        try:
            told, pdf = await self._pool.ask({}, written)
        except ProcessFailed as error:
            raise Retryable(f"the press failed: {error.cause}") from error
        _raise_for(told)
        return PrintedLetter(pdf=pdf, pages=told["pages"])

    async def warm(self) -> None:
        """Start the process before the first letter needs it. Raises Retryable."""
        try:
            await self._pool.warm()
        except ProcessFailed as error:
            raise Retryable(f"the press failed: {error.cause}") from error

    async def aclose(self) -> None:
        await self._pool.aclose()


def _raise_for(told: Mapping[str, Any]) -> None:
    if "no_fonts" in told:
        raise Misconfigured(f"letters need the Noto CJK fonts: {told['no_fonts']}")
    if told.get("part") == "letterhead":
        raise Misconfigured(f"the letterhead cannot be printed: {told['unprintable']}")
    if "unprintable" in told:
        raise Rejected(f"cannot be printed: {told['part'] or 'letter'}", code=told["unprintable"])
