"""P0…P3 by the highest trigger of complaint-rules 3.1."""

from __future__ import annotations

from datetime import date

from normalizer.lexicon import Hit
from normalizer.rulebook import rules
from normalizer.text import Found
from normalizer.urgency import spoken
from normalizer.urgency.flags import by_code
from normalizer.urgency.together import Meeting, meetings
from normalizer.urgency.waiting import is_claim, is_insured, is_paid, is_paper, overdue

LEVELS = ("P0", "P1", "P2", "P3")
COUNTED = {"flag.group.count": "P1", "flag.repeat.third": "P1"}  # where the number decides, not the flag
SIGNS = {
    "sign:on_site": "P0",
    "sign:danger": "P0",
    "sign:third_time": "P1",
    "sign:handler": "P1",
    "sign:crime": "P1",
    "sign:joint": "P2",
    "sign:vulnerable": "P2",
}


def priority(
    text: str,
    found_flags: list[Found],
    hits: list[Hit],
    *,
    alarm: Found | None,
    claim: bool,
    largest: float,
    oldest: date | None,
    today: date,
) -> Found:
    """P0…P3 by the highest trigger, with the words that pulled it."""
    triggers = [alarm._replace(value="P0", rule=f"priority.{alarm.rule}")] if alarm else []
    triggers += [_by_flag(flag) for flag in found_flags if flag.value in by_code()]
    triggers += [sign for sign in _by_sign(hits) if sign.value != "P0" or not spoken.only_threatened(text, sign.start)]
    triggers += [
        _by_meeting(met) for met in meetings(text) if met.raises in SIGNS and not spoken.reported(text, met.start)
    ]
    claim = claim or is_claim(text)
    if largest >= rules("urgency")["large_sum"] and (is_paid(text) or (claim and not is_insured(text))):
        triggers.append(Found(value="P1", start=0, end=0, rule="priority.large_sum"))
    if claim and (late := overdue(text, oldest, today)) and not is_paper(text):
        triggers.append(late)
    best = min(triggers, key=lambda found: LEVELS.index(found.value), default=None)
    return best or Found(value="P3", start=0, end=0, rule="priority.ordinary", confidence=0.8)


def _by_flag(flag: Found) -> Found:
    level = COUNTED.get(flag.rule) or by_code()[flag.value]["level"]
    return Found(value=level, start=flag.start, end=flag.end, rule=f"priority.{flag.value}", confidence=flag.confidence)


def _by_sign(hits: list[Hit]) -> list[Found]:
    return [
        Found(value=SIGNS[hit.tag], start=hit.start, end=hit.end, rule=f"priority.{hit.tag}:{hit.cue}")
        for hit in hits
        if hit.tag in SIGNS
    ]


def _by_meeting(met: Meeting) -> Found:
    rule = f"priority.{met.raises}.together:{'+'.join(met.classes)}"
    return Found(value=SIGNS[met.raises], start=met.start, end=met.end, rule=rule, confidence=0.85)
