"""Words in, one complaint record out: the one verb of this package."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from normalizer import heard as bare
from normalizer.answers import tells_more, weighed
from normalizer.classify import Classified, category, product
from normalizer.completeness import missing
from normalizer.cues import cues
from normalizer.given import read_form
from normalizer.heed import INTAKE, Heeded, heed
from normalizer.language import language_after
from normalizer.lexicon import Hit
from normalizer.merge import Merged, merge_fields, merge_list
from normalizer.parties import merge_people, parties
from normalizer.record import NOBODY, SHANGHAI, Complaint, ContactKind, Field, Heard, Intent, Method, Submission
from normalizer.rulebook import RULE_FILES, rules
from normalizer.text import Found, Reading, fold
from normalizer.urgency import LEVELS, priority

PERSONAL = (
    "complainant_name",
    "phone",
    "email",
    "id_number",
    "policy_number",
    "claim_number",
    "address",
    "uscc",
    "organisation",
    "plate",
    "bank_card",
)
TOLD = ("matter", "request", "reason", "respondent", "party_role")
FIRST_WORDS = (
    "投诉车险理赔拖了2个月没赔，TS261101000177，保单号PDAA202641010000100005，昨天交了3000元",
    "我叫张晓明，电话13912345678，请尽快赔付",
)


def warm_up() -> None:
    """Load and compile the rules and read two messages, so that the first customer does not wait for it (1 s)."""
    for name in RULE_FILES:
        rules(name)
    record = None
    for words in FIRST_WORDS:
        at = datetime(2026, 1, 1, tzinfo=SHANGHAI)
        record = normalize(Submission(channel="", key="", sender=NOBODY, received_at=at, text=words), record)


def normalize(submission: Submission, so_far: Complaint | None = None, *, asked: str | None = None) -> Complaint:
    """One submission and the record so far become the record now; ``heard`` tells of this message alone.

    ``asked`` names the field that our last question was about: a bare reply is then its answer.
    """
    return read_form(submission, so_far, _read) if submission.given else _read(submission, so_far, asked)


def _read(submission: Submission, so_far: Complaint | None, asked: str | None) -> Complaint:
    heeded = weighed(heed(submission, so_far, asked), so_far, asked)
    found = _fields(heeded, so_far, asked)
    merged = merge_fields(so_far, found, heeded.reading, asked)
    record = Complaint(
        intent=_intent(so_far, heeded.intent),
        fields=merged.fields,
        amounts=merge_list(so_far.amounts if so_far else (), _list(heeded, heeded.message.amounts)),
        dates=merge_list(so_far.dates if so_far else (), _list(heeded, heeded.message.dates)),
        flags=merge_list(so_far.flags if so_far else (), _list(heeded, heeded.flags)),
        others=merged.others,
        language=_language(heeded, so_far),
        heard=_heard(heeded, frozenset(found), merged, asked),
        people=merge_people(so_far, parties(heeded.reading, heeded.message.named, merged.fields)),
    )
    record = _with(record, fields=_classified(record, heeded, so_far))
    return _with(record, missing=missing(record, submission.sender)) if record.intent in INTAKE else record


def _with(
    record: Complaint, *, fields: Mapping[str, Field] | None = None, missing: tuple[str, ...] | None = None
) -> Complaint:
    """Built outright: ``dataclasses.replace`` takes four times as long, and this is done for every message."""
    return Complaint(
        intent=record.intent,
        fields=record.fields if fields is None else fields,
        amounts=record.amounts,
        dates=record.dates,
        flags=record.flags,
        missing=record.missing if missing is None else missing,
        others=record.others,
        language=record.language,
        heard=record.heard,
        people=record.people,
    )


def _language(heeded: Heeded, so_far: Complaint | None) -> str:
    """The first message decides; a later one in clearly another language is answered in that one from then on."""
    if so_far is not None:
        aside = [(one.start, one.end) for name in PERSONAL for one in heeded.message.fields.get(name, ())]
        return language_after(heeded.reading, so_far.language, aside)
    return "en" if bare.english(heeded.reading.raw.strip()) else heeded.reading.language


def _intent(so_far: Complaint | None, now: Intent) -> Intent:
    """The record stays what it was; only a complaint replaces what was not one yet."""
    if so_far is None or so_far.intent is Intent.OTHER:
        return now
    if so_far.intent is not Intent.COMPLAINT and now is Intent.COMPLAINT:
        return now
    return so_far.intent


def _fields(heeded: Heeded, so_far: Complaint | None, asked: str | None) -> dict[str, list[Field]]:
    """The fields of this message that go into the record."""
    wanted = set(PERSONAL)
    if heeded.intent in (Intent.COMPLAINT, Intent.SUPPLEMENT):
        wanted |= set(TOLD)
    asks_more = asked in ("matter", "reason", "other") or tells_more(heeded, asked)
    if heeded.intent is Intent.SUPPLEMENT and not asks_more:
        wanted -= {"matter"} if asked or so_far else set()
    if asked == "complainant_name":
        wanted -= {"respondent"}
    found = {
        name: [heeded.reading.field(one) for one in values]
        for name, values in heeded.message.fields.items()
        if name in wanted
    }
    sender = heeded.submission.sender
    if (
        sender.kind is ContactKind.PHONE
        and sender.value
        and "phone" not in found
        and not (so_far and so_far.value("phone"))
    ):
        found["phone"] = [
            Field(value=sender.value, source="", method=Method.SENDER, rule="phone.caller", item=heeded.submission.key)
        ]
    if heeded.intent is Intent.COMPLAINT and "party_role" not in found and not (so_far and so_far.value("party_role")):
        found["party_role"] = [
            Field(
                value="self", method=Method.RULE, confidence=0.6, rule="party_role.default", item=heeded.submission.key
            )
        ]
    return found


def _list(heeded: Heeded, found: list[Found]) -> list[Field]:
    return [heeded.reading.field(one) for one in found]


def _heard(heeded: Heeded, given: frozenset[str], merged: Merged, asked: str | None) -> Heard:
    text = heeded.reading.flat.strip()
    told = heeded.message.fields
    return Heard(
        intent=heeded.intent,
        rule=heeded.rule,
        fields=frozenset(name for name in given if name in told),
        corrected=merged.corrected,
        contradicted=merged.contradicted,
        correcting="" if merged.corrected or (change := bare.correcting(text)) in given else change,
        declined=heeded.declined,
        agreed=heeded.agreed,
        case_numbers=bare.case_numbers(heeded.reading, asked=asked == "case_number"),
        last_four=bare.last_four(text, asked=asked == "last_four"),
        score=bare.score(text),
        greeting=bare.greeting(text),
        clear=_clear(heeded, asked),
    )


def _clear(heeded: Heeded, asked: str | None) -> bool:
    """Whether a fact was told that can be checked: not by an evasive answer, nor by spelling one's name."""
    if "matter" not in heeded.message.fields or heeded.declined or heeded.agreed is not None:
        return False
    if heeded.intent is Intent.COMPLAINT or asked in ("matter", "reason", "other"):
        return True
    particular = any(hit.tag.startswith("detail:") and hit.weight >= 5 for hit in heeded.hits)
    return heeded.intent is Intent.SUPPLEMENT and asked is None and particular


def _classified(record: Complaint, heeded: Heeded, so_far: Complaint | None) -> Mapping[str, Field]:
    """Cause, product and urgency over all that was told, not only over the last message."""
    before = fold("\n".join(filter(None, (so_far.value("matter"), so_far.value("request"))))) if so_far else ""
    offset = len(before) + 1 if before else 0
    hits = [*cues(before), *_moved(heeded.hits, offset)] if before else heeded.hits
    text = f"{before}\n{heeded.reading.flat}" if before else heeded.reading.flat
    fields = dict(record.fields)
    for name, chosen in (("category_detail", _cause(record, hits, text)), ("product", product(hits, text))):
        if (chosen and (kept := fields.get(name)) is None) or (
            chosen and kept and kept.value != chosen.code and kept.method is not Method.STAFF
        ):
            fields[name] = _traced(heeded.reading, chosen, offset)
    if detail := fields.get("category_detail"):
        fields["category"] = Field(
            value=detail.value[:3],
            source=detail.source,
            span=detail.span,
            method=detail.method,
            confidence=detail.confidence,
            rule=detail.rule,
            item=detail.item,
        )
    fields["priority"] = _priority(record, heeded, text, hits, offset, fields)
    return MappingProxyType(fields)


def _moved(hits: list[Hit], offset: int) -> list[Hit]:
    return [Hit(tag, cue, start + offset, end + offset, weight) for tag, cue, start, end, weight in hits]


def _cause(record: Complaint, hits: list[Hit], text: str) -> Classified | None:
    fixed = {Intent.CONSULT: "C9901", Intent.PRAISE: "C9902"}.get(record.intent)
    if fixed:
        return Classified(code=fixed, found=Found(value=fixed, start=0, end=0, rule=f"detail.{record.intent}"))
    if record.intent in (Intent.COMPLAINT, Intent.SUPPLEMENT):
        return category(hits, text) or (
            Classified(code="C9904", found=Found(value="C9904", start=0, end=0, rule="detail.none"))
            if record.intent is Intent.COMPLAINT
            else None
        )
    return None


def _traced(reading: Reading, chosen: Classified, offset: int) -> Field:
    found = chosen.found
    if found.start < offset or found.end == 0:
        return Field(value=chosen.code, confidence=found.confidence, rule=found.rule)
    return reading.field(found.moved(-offset))


def _priority(
    record: Complaint, heeded: Heeded, text: str, hits: list[Hit], offset: int, fields: dict[str, Field]
) -> Field:
    known = record.fields.get("priority")
    if known and known.method is Method.STAFF:
        return known
    claim = fields["category"].value == "C01" if "category" in fields else False
    amounts = [float(one.value) for one in record.amounts]
    days = [date.fromisoformat(one.value) for one in record.dates]
    raised = [flag.moved(offset) for flag in heeded.flags]
    now = priority(
        text,
        raised,
        hits,
        alarm=heeded.alarm.moved(offset) if heeded.alarm else None,
        claim=claim,
        largest=max(amounts, default=0),
        oldest=min(days, default=None),
        today=heeded.submission.received_on,
    )
    if known and LEVELS.index(known.value) <= LEVELS.index(now.value):
        return known
    if now.end == 0 or now.start < offset:
        return Field(value=now.value, confidence=now.confidence, rule=now.rule)
    return heeded.reading.field(now.moved(-offset))
