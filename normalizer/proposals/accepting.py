"""What of somebody else's proposals counts: only what the customer's own words back, and never against a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from normalizer.completeness import missing
from normalizer.heed import INTAKE
from normalizer.merge import GROWS
from normalizer.proposals.hiding import Masked
from normalizer.record import Complaint, Contact, Field, Method
from normalizer.rulebook import cached_rule, rules
from normalizer.urgency import LEVELS

# At and below this stand the rules' own guesses: party_role.default, reason.cue, a category that leads the next one by
# a single weak cue. What they are surer of has been measured, and is not traded for words of a model.
LOW_CONFIDENCE = 0.6
CONFIDENCE = 0.5  # of an accepted proposal: a guess with words to it, below every rule that is sure
DEFAULTS = ("detail.none", "party_role.default")  # rules that name a code because they found none

# Free text a model may point at, and the most characters of it. Identifiers are absent: it never saw one.
TEXTS: Mapping[str, int] = {"complainant_name": 40, "respondent": 200, "request": 500, "reason": 500}
CODES = ("category_detail", "product", "party_role")
FLAG, PRIORITY = "flag", "priority"
KNOWN = frozenset({*TEXTS, *CODES, FLAG, PRIORITY})
ROLES = ("self", "agent", "heir", "legal_representative", "organisation")
NO_ANSWER = "C99"  # consultation, praise, not to be told: the intent decides these, and that has been acted on

MOST_PROPOSALS = 40
LONGEST_QUOTE, SHORTEST_QUOTE = 600, 2  # characters; one alone (我, 退) backs nothing
CONTRADICTABLE = frozenset({Method.RULE, Method.MODEL})  # all others were told or confirmed by somebody
NAME = re.compile(
    r"[㐀-鿿]{2,4}|[㐀-鿿]{1,15}·[㐀-鿿·]{1,20}|[A-Za-z][A-Za-z .'-]{2,38}"
    r"|[㐀-鿿()（）]{2,34}(?:公司|集团|企业|厂|店|行|社|院|校|学|园|所|站|队|场|中心|工作室|委员会|协会)"
)
NO_NAME = re.compile(r"先生|女士|小姐|老师|经理|客服|业务员|投诉|指令|[我你您他她]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """A value somebody read out of the text, and the words that are to prove it. ``field`` may be flag or priority."""

    field: str
    value: str
    quote: str


def asked_for(complaint: Complaint) -> tuple[str, ...]:
    """What a second reader may help with. A name leaves the house only when the rules found none they believe."""
    fields = [name for name in (*TEXTS, *CODES) if _is_open(complaint, name)]
    return (*fields, FLAG, PRIORITY)


def accepted(
    complaint: Complaint, masked: Masked, proposals: Iterable[Proposal], *, model: str, sender: Contact
) -> Complaint:
    """The record with what counts of the proposals; the very same record when nothing does.

    Fills what is empty or weak, puts a different value beside, adds flags, raises the priority; never the other way.
    """
    record = complaint
    for proposal in list(proposals)[:MOST_PROPOSALS]:
        found = _backed(proposal, masked, model)
        if found is not None:
            record = _taken(record, proposal.field, found)
    if record is complaint or record.intent not in INTAKE:
        return record
    return replace(record, missing=missing(record, sender))


def changed(before: Complaint, after: Complaint) -> tuple[str, ...]:
    """Names of the fields in which two records differ."""
    names = [name for name in after.fields if after.fields[name] != before.fields.get(name)]
    names += [name for name in after.others if after.others[name] != before.others.get(name) and name not in names]
    return tuple(sorted([*names, *(["flags"] if after.flags != before.flags else [])]))


def codes(field: str) -> tuple[str, ...]:
    """The codes that a field may hold, in the rules' order; none for one that holds free text."""
    return _codes().get(field, ())


@cached_rule
def _codes() -> dict[str, tuple[str, ...]]:
    """Of all fields at once: a cache by field would keep whatever a model calls one."""
    found: Mapping[str, Sequence[str]] = {
        "category_detail": [
            each["code"] for each in rules("categories")["detail"] if not each["code"].startswith(NO_ANSWER)
        ],
        "product": [each["code"] for each in rules("products")["product"]],
        "party_role": ROLES,
        FLAG: [each["code"] for each in rules("urgency")["flag"]],
        PRIORITY: LEVELS,
    }
    return {field: tuple(dict.fromkeys(each)) for field, each in found.items()}


def _backed(proposal: Proposal, masked: Masked, model: str) -> Field | None:
    """The proposal as a field with its words and their place, or None when it proves nothing."""
    if proposal.field not in KNOWN:
        return None
    value, quote = proposal.value.strip(), proposal.quote.strip()
    if not value or not SHORTEST_QUOTE <= len(quote) <= LONGEST_QUOTE:
        return None
    if not (_is_in_words(proposal.field, value, quote) or value in codes(proposal.field)):
        return None
    place = masked.find(quote)
    if place is None:
        return None
    source, span, item = place
    rule = f"model.{model[:80]}"
    return Field(
        value=value, source=source, span=span, method=Method.MODEL, confidence=CONFIDENCE, rule=rule, item=item
    )


def _is_in_words(field: str, value: str, quote: str) -> bool:
    if field not in TEXTS or len(value) > TEXTS[field] or value not in quote:
        return False
    return field != "complainant_name" or bool(NAME.fullmatch(value) and not NO_NAME.search(value))


def _taken(record: Complaint, name: str, found: Field) -> Complaint:
    if name == FLAG:
        return _flagged(record, found)
    if name == PRIORITY:
        return _raised(record, found)
    if name == "category_detail":
        return _classified(record, found)
    return _filled(record, name, found)


def _filled(record: Complaint, name: str, found: Field) -> Complaint:
    """In an empty or weak place, or beside what stands there; a person's word is not even doubted."""
    known = record.fields.get(name)
    if known is not None and _says_the_same(name, known.value, found.value):
        return record
    if _is_weak(known):
        record = record.with_field(name, found)
        return _beside(record, name, known) if known is not None and _says_something(known) else record
    return _beside(record, name, found) if known is not None and known.method in CONTRADICTABLE else record


def _beside(record: Complaint, name: str, other: Field) -> Complaint:
    """One further reading for each field is enough: a model that words it anew each time must not fill the record."""
    others = record.others.get(name, ())
    again = any(one.value == other.value for one in others)
    if again or (other.method is Method.MODEL and any(one.method is Method.MODEL for one in others)):
        return record
    return replace(record, others=MappingProxyType({**record.others, name: (*others, other)}))


def _classified(record: Complaint, found: Field) -> Complaint:
    """The category follows its detail, unless a person has fixed it."""
    category = record.fields.get("category")
    fixed = category is not None and category.method not in CONTRADICTABLE
    if category is not None and fixed and not found.value.startswith(category.value):
        return record
    after = _filled(record, "category_detail", found)
    if fixed or after.fields.get("category_detail") is record.fields.get("category_detail"):
        return after
    return after.with_field("category", replace(found, value=found.value[:3]))


def _flagged(record: Complaint, found: Field) -> Complaint:
    """A flag brings the priority that the rules give it."""
    if found.value in record.flag_codes:
        return record
    level = next(flag["level"] for flag in rules("urgency")["flag"] if flag["code"] == found.value)
    return _raised(replace(record, flags=(*record.flags, found)), replace(found, value=level))


def _raised(record: Complaint, found: Field) -> Complaint:
    """Up only; and not at all where a person has decided."""
    known = record.fields.get("priority")
    if known is None:
        return record.with_field("priority", found)
    higher = LEVELS.index(found.value) < LEVELS.index(known.value)
    return record.with_field("priority", found) if higher and known.method is not Method.STAFF else record


def _is_open(complaint: Complaint, name: str) -> bool:
    known = complaint.fields.get(name)
    if name == "complainant_name":
        return _is_weak(known)
    return known is None or known.method in CONTRADICTABLE


def _is_weak(known: Field | None) -> bool:
    if known is None or not known.value:
        return True
    return known.method is Method.RULE and (known.confidence <= LOW_CONFIDENCE or known.rule in DEFAULTS)


def _says_something(known: Field) -> bool:
    return bool(known.value) and known.rule not in DEFAULTS


def _says_the_same(name: str, known: str, new: str) -> bool:
    """A passage cut a little shorter or longer is no other request."""
    return known == new or (name in GROWS and bool(known) and (new in known or known in new))
