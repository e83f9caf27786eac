"""What a decision must tell (令2020年第3号 Art 19): what was verified, on what it rests, and the remedies."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from gateway.casework.lifecycle import NotAllowed, Status
from gateway.medium import Medium, medium_of
from store.values import Case

LACKING = "a decision by letter states what was verified, its basis, and the remedies: none of the three may be empty"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The three parts, in the words that the customer reads."""

    verified: str
    basis: str
    remedies: str

    @property
    def whole(self) -> bool:
        return all(part.strip() for part in (self.verified, self.basis, self.remedies))

    def in_words(self) -> str:
        """As one text, for a channel without headings."""
        return "\n".join(part.strip() for part in (self.verified, self.basis, self.remedies) if part.strip())

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def require_parts(case: Case, wanted: Status, decision: Decision | None, *, tell: bool) -> None:
    """Raises NotAllowed for a decision that would be posted incomplete."""
    if decision is not None and not decision.whole:
        raise NotAllowed(Status(case.status), wanted, LACKING)
    if tell and wanted is Status.DECIDED and medium_of(case.channel) is Medium.PAPER and decision is None:
        raise NotAllowed(Status(case.status), wanted, LACKING)
