"""What the gateway asks of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from normalizer.proposals.accepting import Proposal
from normalizer.proposals.hiding import Masked


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back. ``sent``: the text has left the house, whatever became of it."""

    proposals: tuple[Proposal, ...] = ()
    sent: bool = False


class Model(Protocol):
    """Reads a masked text and proposes values. It takes nothing but masked text, so that nothing else can leave."""

    @property
    def name(self) -> str:
        """Which model, for the record and the audit trail."""
        ...

    async def propose(self, masked: Masked, asked_for: Sequence[str]) -> Reply:
        """Proposals for these fields; none on any failure. Never raises, never takes longer than its time limit."""
        ...

    async def aclose(self) -> None: ...
