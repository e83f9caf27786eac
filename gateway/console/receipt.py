"""The receipt that a visitor takes home: the number, by when there is an answer, and how to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.console.wording import Wording
from gateway.intake.proof import PROVING_FIELDS
from gateway.settings import Settings
from normalizer.mask import mask_name
from normalizer.number import digits_of
from store.values import Case

PROOF_CHARS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    org: str
    digits: str  # the twelve, in fours, as a telephone's keys take them
    name: str  # masked: a receipt may be lost
    received_at: datetime
    due_at: datetime
    missing: tuple[str, ...]  # in words
    phone: str  # of the hotline; empty: there is none
    site: str  # where to look; empty: nowhere
    proof: str  # what they are asked for there; empty: nothing is known that could prove it


def receipt_of(words: Wording, case: Case, settings: Settings) -> Receipt:
    digits = digits_of(case.number)
    base = settings.public_url.rstrip("/")
    return Receipt(
        org=settings.org_name,
        digits=" ".join(digits[place : place + 4] for place in range(0, len(digits), 4)),
        name=mask_name(case.record.value("complainant_name")),
        received_at=case.received_at,
        due_at=case.due_at,
        missing=tuple(words.code("counter", f"missing_{name}") for name in case.record.missing),
        phone=settings.phone_number,
        site=f"{base}/progress" if base else "",
        proof=_proof(words, case),
    )


def _proof(words: Wording, case: Case) -> str:
    """The last four of what was registered; where both are known either will do."""
    known = [name for name in PROVING_FIELDS if len(case.record.value(name)) >= PROOF_CHARS]
    return words("counter.proof_or").join(words(f"counter.proof_{name}") for name in known)
