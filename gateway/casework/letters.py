"""What a letter of ours must know beside its words: the name above the address, and how large it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from gateway.medium import Medium, medium_of
from normalizer.record import Complaint
from store.values import Case

READ_WITH_EFFORT = frozenset({"elderly"})
WRITES_FOR_ANOTHER = frozenset({"agent", "legal_representative", "organisation"})

Asked = tuple[str, str]  # what is asked for, and how we ask


def letter_facts(record: Complaint, asks: Sequence[Asked] = ()) -> Mapping[str, str]:
    """For ``Outbound.context`` of a letter, as its channel reads it: name, large (yes), asks (JSON: names, texts)."""
    facts = {"name": addressee(record)}
    if READ_WITH_EFFORT & set(record.flag_codes):
        facts["large"] = "yes"
    if asks:
        facts["asks"] = json.dumps(list(map(list, asks)), ensure_ascii=False)
    return facts


def reply_context(case: Case, asks: Sequence[Asked] = ()) -> Mapping[str, str]:
    """What the channel needs to answer in thread, and, where that is by letter, what a letter needs."""
    if medium_of(case.channel) is not Medium.PAPER:
        return case.reply_context
    return {**case.reply_context, **letter_facts(case.record, asks)}


def addressee(record: Complaint) -> str:
    """Whoever wrote: an agent for somebody, a person for an organisation, else the complainant."""
    role = record.value("party_role")
    if role in WRITES_FOR_ANOTHER:
        writer = next((person.value for person in record.people if person.role in (role, "agent")), "")
        if writer:
            return writer
    return record.value("complainant_name") or record.value("organisation")
