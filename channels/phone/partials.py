"""Words that the recogniser has so far: all that is left of what somebody said when the line breaks off.

They come several times a second, out of order (SequenceNumber), and for a turn that may be over already.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from channels.base import Memory
from channels.phone.keeping import OF_A_CALL

SPENT = 1_000_000_000  # a sequence number after all others: the turn came to its end
OVER = 2 * SPENT  # the call came to its end; this turn is the last that anything came of
UNNUMBERED = -1  # newer than all but the end: it came last
TRIES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """The words of step ``n`` so far."""

    n: int
    seq: int
    text: str = ""


class Partials:
    """Per call the latest words, shared between processes; no word stays when the call is over."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    async def heard(self, call: str, partial: Partial) -> bool:
        """Later words of the same turn, or words of a later turn; all else changes nothing.

        False: the call is over, and nothing of this turn came before.
        """
        known = await self._change(call, lambda known: None if _is_over(known) else partial)
        return known is None or known.seq != OVER or partial.n <= known.n

    async def spend(self, call: str, n: int) -> None:
        """Step ``n`` came with the whole of what was said."""
        await self._change(call, lambda known: Partial(n=n, seq=OVER if _is_over(known) else SPENT))

    async def left(self, call: str) -> Partial | None:
        """Words of a turn whose end never came."""
        partial = _read(await self.memory.get(_key(call)))
        return partial if partial and partial.text else None

    async def forget(self, call: str) -> None:
        await self._change(call, lambda known: Partial(n=known.n if known else 0, seq=OVER))

    async def _change(self, call: str, following: Callable[[Partial | None], Partial | None]) -> Partial | None:
        """Write what follows on what is known, if it is later; what was known before."""
        known = None
        for _ in range(TRIES):
            kept = await self.memory.get(_key(call))
            known = _read(kept)
            new = following(known)
            if new is None or not _is_later(new, known):
                break
            if await self.memory.swap(_key(call), kept, json.dumps(asdict(new)), keep=OF_A_CALL):
                break
        return known


def _is_later(partial: Partial, known: Partial | None) -> bool:
    if known is None or partial.n != known.n:
        return known is None or partial.n > known.n
    return partial.seq > known.seq or (partial.seq == UNNUMBERED and known.seq < SPENT)


def _is_over(known: Partial | None) -> bool:
    return known is not None and known.seq == OVER


def _read(kept: str | None) -> Partial | None:
    return Partial(**json.loads(kept)) if kept else None


def _key(call: str) -> str:
    return f"partial:{call}"
