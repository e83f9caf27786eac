"""What one message says by itself, before it meets what was known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from normalizer.extract import (
    address,
    corrections,
    cues,
    dates,
    grammars,
    identifiers,
    mails,
    money,
    names,
    organisations,
    phones,
    plates,
    request,
    respondent,
    roles,
    runs,
    statement,
)
from normalizer.extract.spelling import spelled_until
from normalizer.lexicon import Hit
from normalizer.record import Method, Submission
from normalizer.rulebook import cached_rule
from normalizer.sieve import Sieve
from normalizer.text import Found, Reading

NUMERAL = re.compile(rf"[\d十洞幺么拐勾{money.C}]")  # with one of these every number and every sum begins
GIVEN = ("complainant_name", "phone", "policy_number", "claim_number", "email", "id_number")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """Everything found in one submission; of several values for a field the first is the best."""

    fields: dict[str, list[Found]] = field(default_factory=dict)
    amounts: list[Found]
    dates: list[Found]
    named: list[names.Named]

    def best(self, name: str) -> Found | None:
        found = self.fields.get(name)
        return found[0] if found else None


def understand(
    submission: Submission, reading: Reading, hits: list[Hit], flag_codes: set[str], asked: str | None
) -> Message:
    """Find all fields in a reading; ``asked`` is the field our last question was about."""
    counts = bool(NUMERAL.search(reading.flat))
    counted = runs.runs(reading) if counts else []
    numbers = corrections.corrected(reading.flat, counted)
    may = _sieve().passing(reading.flat)
    may_roles = may.get("roles", [])
    role = roles.party_role(reading.flat, may_roles, died="death" in flag_codes, organisation=True)
    codes = identifiers.usccs(reading) if counts else []
    speaks_for_one = bool(role and role.value == "organisation") or asked == "complainant_name"
    organisation = (
        organisations.own_organisation(reading, speaks_for_one=speaks_for_one or bool(codes))
        if "organisations" in may
        else None
    )
    if role and role.value == "organisation" and organisation is None:
        role = roles.party_role(reading.flat, may_roles, died="death" in flag_codes, organisation=False)
    if organisation and not (role and role.value == "organisation"):
        role = Found(
            value="organisation", start=organisation.start, end=organisation.end, rule="party_role.organisation"
        )
    written_to = mails.emails(reading)
    contacts = [(run.start, run.end) for run in counted if phones.e164(run.value)] + [
        (one.start, one.end) for one in written_to
    ]
    named = names.people(reading, contacts, may.get("cues", []), asked=asked == "complainant_name")
    wanted = request.requests(reading)
    found: dict[str, list[Found]] = {
        "phone": phones.phones(reading, numbers) if numbers else [],
        "email": written_to,
        **_numbered(reading, numbers, asked),
        "uscc": codes,
        "plate": plates.plates(reading) if counts else [],
        "bank_card": identifiers.bank_cards(reading, numbers) if numbers else [],
        "organisation": [organisation] if organisation else [],
        "party_role": [role] if role else [],
        "address": address.addresses(reading, may["address"]) if "address" in may else [],
        "request": [wanted] if wanted else [],
    }
    found["complainant_name"] = [_as_written(one, reading) for one in complainant(named, organisation, role)]
    about = respondent.joined(
        respondent.respondents(reading, named, may.get("respondents", []), organisation.value if organisation else ""),
        reading,
    )
    found["respondent"] = [about] if about else []
    told = statement.statement(reading, _taken(reading, found, named), asked=asked == "matter")
    told = told or _told_in_request(wanted, hits)
    found["matter"] = [told] if told else []
    because = statement.reason(reading)
    found["reason"] = [because] if because else []
    return Message(
        fields={k: v for k, v in found.items() if v},
        amounts=money.amounts(reading, _identifiers([*counted, *numbers], found["plate"])) if counts else [],
        dates=dates.dates(reading, submission.received_on, may.get("dates", [])),
        named=named,
    )


@cached_rule
def _sieve() -> Sieve:
    """One for all that is looked for: every automaton more would cost 4 µs a message."""
    return Sieve(
        roles=(pattern for _, pattern in roles.patterns()),
        cues=(pattern for _, pattern in cues.patterns()),
        organisations=[organisations.ANY_KIND],
        respondents=(pattern for _, pattern, _ in respondent.ways()),
        address=address.patterns(),
        dates=(pattern for _, pattern, _ in dates.FINDERS),
    )


def _numbered(reading: Reading, numbers: list[runs.Run], asked: str | None) -> dict[str, list[Found]]:
    if not numbers:
        return {}
    found = {"id_number": identifiers.id_numbers(numbers)}
    for kind in grammars.CONTRACTS:
        found[kind] = identifiers.contract_numbers(reading, numbers, kind, asked=asked == kind)
    return found


def _as_written(name: Found, reading: Reading) -> Found:
    """黃國輝 stays 黃國輝: rules match the simplified form, a name is what its bearer writes."""
    if name.rule == names.PIECED:
        return name
    words = reading.words(name.start, name.end)
    value = "".join(words.split()) if not words.isascii() else " ".join(words.split())
    return name if value == name.value else name._replace(value=value)


def _identifiers(numbers: list[runs.Run], cars: list[Found]) -> list[tuple[int, int]]:
    """Places of numbers that are no money: labelled, long, a telephone or a number plate."""
    return [(one.start, one.end) for one in cars] + [
        (run.start, run.end)
        for run in numbers
        if run.label or phones.e164(run.value) or sum(c.isdigit() for c in run.value) >= 11
    ]


def complainant(named: list[names.Named], organisation: Found | None, role: Found | None) -> list[Found]:
    """Who complains: the organisation, the principal of an agent, or the one who speaks."""
    if organisation:
        return [organisation]
    own = _in_roles(named, "self", "agent")
    if role and role.value == "agent":
        return [*_in_roles(named, "principal", "family"), *own]
    return own or _in_roles(named, "holder")


def _in_roles(named: list[names.Named], *roles: str) -> list[Found]:
    return [one.found for role in roles for one in named if one.role == role]


def _told_in_request(wanted: Found | None, hits: list[Hit]) -> Found | None:
    """把拖了三个月的理赔款给我: who asks for something so particular has told what happened."""
    if wanted is None or len(wanted.value) < 14:
        return None
    particular = any(hit.weight >= 5 and hit.tag.startswith("detail:") for hit in hits)
    return wanted._replace(rule="matter.in_request", confidence=0.5) if particular else None


def _taken(reading: Reading, found: dict[str, list[Found]], named: list[names.Named]) -> list[tuple[int, int]]:
    """Places of identifiers, requests and of names with what spells them: they tell no fact."""
    flat = [one for name, values in found.items() if name not in ("party_role", "respondent") for one in values]
    spelled = [(one.found.start, spelled_until(reading.flat, one.found.start, one.found.end)) for one in named]
    return [*((one.start, one.end) for one in flat), *spelled]


def answered(message: Message, reading: Reading, asked: str) -> Message:
    """The same message with the value of the asked field marked as an answer; for matter and request the whole
    reply is the answer, unless it also gives a name or a number."""
    found = dict(message.fields)
    only = not any(name in found for name in GIVEN)
    if asked in ("matter", "request") and (only or asked not in found):
        text = reading.flat
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        found[asked] = [
            Found(value=reading.words(start, end), start=start, end=end, rule=f"{asked}.answer", method=Method.ANSWER)
        ]
    elif asked in found:
        found[asked] = [one._replace(method=Method.ANSWER) for one in found[asked]]
    return Message(fields=found, amounts=message.amounts, dates=message.dates, named=message.named)
