"""What is a failure for every persona, whatever they came for: answering.md 7.6."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.personas.held import Held
from tests.personas.player import simple
from tests.personas.transcript import Exchange, Run

TEMPLATE_MARKS = re.compile(r"[{}]|None|null|undefined")
REFUSAL = re.compile(r"(?:不予|不能|无法|拒绝)受理|不接受(?:您的)?投诉")
SECRETS = ("name", "phone", "policy_number", "claim_number", "matter")


def faults(run: Run, held: Held) -> Iterator[str]:
    """Each thing that must never happen and did."""
    for exchange in run.exchanges:
        for delivery in exchange.heard.deliveries:
            yield from delivery.faults
        yield from _silence(exchange)
        yield from _wording(run, exchange.text)
    yield from (f"an item was set aside: {cause}" for cause in held.quarantined)


def _silence(exchange: Exchange) -> Iterator[str]:
    """Events need no answer; words do."""
    spoke = any(delivery.speaks for delivery in exchange.heard.deliveries)
    if spoke and not exchange.text.strip():
        yield "silence after a message"


def _wording(run: Run, text: str) -> Iterator[str]:
    if marks := TEMPLATE_MARKS.findall(text):
        yield f"an unfilled template mark {marks}"
    if REFUSAL.search(text):
        yield "the complaint was refused"
    own = {simple(str(value)) for value in run.script["facts"].values() if isinstance(value, str)}
    for other in run.others:
        told = {simple(str(other[name])) for name in SECRETS if other.get(name)} - own
        if any(secret in simple(text) for secret in told):
            yield "another person's data in a reply"
