"""Words that the recogniser has so far: all that is left of what somebody said when the line breaks off.

They come several times a second, out of order (SequenceNumber), and for a turn that may be over already.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from channels.base import Memory
from channels.phone.keeping import OF_A_CALL

SPENT = 1_000_000_000  # a sequence number after all others: the turn came to its end
UNNUMBERED = -1  # newer than all but the end: it came last
TRIES = 8
OVER = ""  # in place of words, once the call has ended


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """The words of step ``n`` so far."""

    n: int
    seq: int
    text: str = ""


class Partials:
    """Per call the latest words, shared between processes; nothing of them stays when the call is over."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    async def heard(self, call: str, partial: Partial) -> bool:
        """Later words of the same turn, or words of a later turn; all else changes nothing. False: the call is over."""
        for _ in range(TRIES):
            old = await self.memory.get(_key(call))
            if old == OVER or not _is_later(partial, _read(old)):
                return old != OVER
            if await self.memory.swap(_key(call), old, json.dumps(asdict(partial)), keep=OF_A_CALL):
                break
        return True

    async def spend(self, call: str, n: int) -> None:
        """Step ``n`` came with the whole of what was said."""
        await self.heard(call, Partial(n=n, seq=SPENT))

    async def left(self, call: str) -> Partial | None:
        """Words of a turn whose end never came."""
        partial = _read(await self.memory.get(_key(call)))
        return partial if partial and partial.text else None

    async def forget(self, call: str) -> None:
        await self.memory.put(_key(call), OVER, keep=OF_A_CALL)


def _is_later(partial: Partial, known: Partial | None) -> bool:
    if known is None or partial.n != known.n:
        return known is None or partial.n > known.n
    return partial.seq > known.seq or (partial.seq == UNNUMBERED and known.seq != SPENT)


def _read(kept: str | None) -> Partial | None:
    return Partial(**json.loads(kept)) if kept else None


def _key(call: str) -> str:
    return f"partial:{call}"
