"""Whether a letter leaves no doubt of who complains."""

from __future__ import annotations

import re

from normalizer.extract.people import HAN, family_of, is_foreign
from normalizer.extract.signatures import signature
from normalizer.record import Complaint, Field
from normalizer.seen.looks import plain
from normalizer.seen.reasons import Judgement, Why
from normalizer.text import Reading, fold

SURE = 0.9  # below it a name was cut from its sentence by guess
SPOKEN_FOR = ("agent", "organisation", "legal_representative")  # parties for whom somebody else signs
THEIR_OWN = ("self", "principal")  # of whoever is named by these rules it was said that they complain
SHORTEST, LONGEST = 2, 4
DOTTED = re.compile(rf"{HAN}{{1,8}}(?:[·•・‧]{HAN}{{1,8}})+")
LATIN = re.compile(r"[A-Za-z][A-Za-z .'-]+")


def part(name: Field) -> str:
    """self, principal, holder, …: the part in which a rule names somebody."""
    return name.rule.split(".")[1] if name.rule.startswith("name.") else ""


def judged(record: Complaint, name: Field, reading: Reading) -> Judgement:
    """What speaks against the name of the one who complains, besides how it was read."""
    signed = signer(record, reading)
    unsigned = [Why.UNSIGNED_NAME] if signed or is_weak(record, name) else []
    rare = [Why.RARE_NAME] if is_rare(record, name) else []
    return Judgement([*unsigned, *rare], [signed] if signed else [])


def signer(record: Complaint, reading: Reading) -> str:
    """Who signs, where that should be the one who complains and is not; else empty."""
    if record.value("party_role") in SPOKEN_FOR or not (place := signature(reading)):
        return ""
    signed = reading.words(place.start, place.end)
    here, there = plain("complainant_name", record.value("complainant_name")), plain("complainant_name", signed)
    return "" if not here or here in there or there in here else signed


def is_weak(record: Complaint, name: Field) -> bool:
    """Whether nobody says that this is the one who complains: only a policyholder is named, or a guess was made."""
    if record.value("party_role") == "organisation":
        return False
    return name.confidence < SURE or (part(name) not in ("", *THEIR_OWN) and record.value("party_role") != "agent")


def is_rare(record: Complaint, name: Field) -> bool:
    """Whether it has not the form of a name: 姚 alone, a surname in no table."""
    if record.value("party_role") == "organisation" or name.rule.startswith("organisation"):
        return False
    if DOTTED.fullmatch(name.value) or LATIN.fullmatch(name.value) or is_foreign(fold(name.value)):
        return False
    usual = SHORTEST <= len(name.value) <= LONGEST and all("一" <= one <= "鿿" for one in name.value)
    return not usual or not family_of(fold(name.value))
