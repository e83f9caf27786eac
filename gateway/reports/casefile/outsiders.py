"""What the masked case file shows to the other side: no digit of a number that identifies, and nothing of our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.staff.masking import Mask
from normalizer.mask import HIDDEN
from normalizer.record import Contact
from store.values import Moment

KINDS = frozenset({"heard", "said", "status"})  # what passed between the customer and us, and where it stands
FACTS = frozenset({"path", "channel"})
CUSTOMER, US = "customer", "us"
# The ends that a mask leaves of a number: the last digits of a telephone or identity paper prove who somebody is.
ENDS = re.compile(r"\+?[0-9Xx]*\*{2,}[0-9Xx]*")


@dataclass(frozen=True, slots=True)
class Blank:
    """A mask over another, which leaves no digit beside what that one hides."""

    mask: Mask

    def value(self, name: str, value: str) -> str:
        return _blank(self.mask.value(name, value))

    def text(self, text: str) -> str:
        return _blank(self.mask.text(text))

    def contact(self, contact: Contact) -> str:
        return _blank(self.mask.contact(contact))


def outward(moments: Sequence[Moment]) -> Sequence[Moment]:
    """The timeline as the other side may read it: without our notes, our reasons and who of us it was."""
    return [_outward(moment) for moment in moments if moment.kind in KINDS]


def _outward(moment: Moment) -> Moment:
    facts = {name: value for name, value in moment.data.items() if name in FACTS}
    return replace(moment, actor=CUSTOMER if moment.actor == CUSTOMER else US, data=facts)


def _blank(shown: str) -> str:
    return ENDS.sub(HIDDEN * 4, shown)
