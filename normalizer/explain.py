"""Why a record says what it says: for every field and class the words, their place and the rule that decided."""

from __future__ import annotations

from typing import Any

from normalizer.classify import category
from normalizer.cues import cues
from normalizer.lexicon import Hit
from normalizer.record import Complaint, Field, Submission
from normalizer.text import Found, Reading, read
from normalizer.urgency import flags
from normalizer.urgency.together import meetings

LISTS = ("amounts", "dates", "people")
CLASSES = {"category": "detail:", "category_detail": "detail:", "product": "product:"}  # field → tag of its cues

Told = dict[str, Any]


def explained(complaint: Complaint, submission: Submission) -> Told:
    """{field: {value, source, span, method, confidence, rule}}, the classes and flags with all words that spoke.

    ``words`` are of this submission alone; ``others`` are values that stand beside, or lost.
    """
    reading = read(submission)
    hits = cues(reading.flat)
    told: Told = {"intent": _intent(complaint, reading, hits)}
    told |= {name: _explain(field) for name, field in complaint.fields.items()}
    for name, prefix in CLASSES.items():
        if name in told:
            told[name] |= _class(complaint.value(name), prefix, reading, hits)
    if "priority" in told:
        told["priority"]["words"] = _urgent(reading, hits)
    told |= {name: [_explain(field) for field in getattr(complaint, name)] for name in LISTS}
    told["flags"] = [_flag(flag, reading, hits) for flag in complaint.flags]
    for name, fields in complaint.others.items():
        told.setdefault(name, {})["others"] = [_explain(field) for field in fields]
    return told


def _explain(field: Field) -> Told:
    span = field.span
    return {
        "value": field.value,
        "source": field.source,
        "span": {"start": span.start, "end": span.end, "part": span.part} if span else None,
        "method": str(field.method),
        "confidence": round(field.confidence, 2),
        "rule": field.rule,
    }


def _intent(complaint: Complaint, reading: Reading, hits: list[Hit]) -> Told:
    """What the message wants has a rule, and often several words that speak for it."""
    now = str(complaint.heard.intent)
    told = {"value": str(complaint.intent), "rule": complaint.heard.rule}
    if now != told["value"]:
        told["of_this_message"] = now
    words = [word for tag in (f"intent:{now}", *_of_complaint(now)) for word in _spoken(tag, reading, hits)["words"]]
    return told | {"words": words}


def _of_complaint(intent: str) -> tuple[str, ...]:
    return ("intent:grievance",) if intent == "complaint" else ()


def _class(value: str, prefix: str, reading: Reading, hits: list[Hit]) -> Told:
    """The words for the chosen code, and the codes that were also spoken for, the weightier first."""
    beside = [code for code in _codes(prefix, reading, hits) if not code.startswith(value)]
    others = [{"value": code, **_spoken(prefix + code, reading, hits)} for code in beside]
    return _spoken(prefix + value, reading, hits) | {"others": others}


def _codes(prefix: str, reading: Reading, hits: list[Hit]) -> list[str]:
    spoken = list(dict.fromkeys(hit.tag.removeprefix(prefix) for hit in hits if hit.tag.startswith(prefix)))
    if prefix != "detail:" or not (chosen := category(hits, reading.flat)):
        return spoken
    return [other.value for other in chosen.others]


def _spoken(tag: str, reading: Reading, hits: list[Hit]) -> Told:
    """Every cue with the tag, or, for a category, with a tag under it."""
    under = tag.startswith("detail:") and len(tag) == len("detail:C01")
    speak = [hit for hit in hits if hit.tag == tag or (under and hit.tag.startswith(tag))]
    return {"words": [_word(reading, hit.start, hit.end, hit.cue) | {"weight": hit.weight} for hit in speak]}


def _flag(flag: Field, reading: Reading, hits: list[Hit]) -> Told:
    """Its cues; an age or a count of people has none but its own words."""
    told, spoken = _explain(flag), _spoken(f"flag:{flag.value}", reading, hits)
    own = [{"source": told["source"], "span": told["span"], "cue": told["rule"]}] if told["source"] else []
    return told | (spoken if spoken["words"] else {"words": own})


def _urgent(reading: Reading, hits: list[Hit]) -> list[Told]:
    """Everything that may hurry: what raised a flag, and the signs that raise none."""
    raised = [_word(reading, flag.start, flag.end, flag.rule) for flag in flags(reading.flat, hits)]
    signs = [_word(reading, h.start, h.end, f"{h.tag}:{h.cue}") for h in hits if h.tag.startswith("sign:")]
    met = [one for one in meetings(reading.flat) if one.raises.startswith("sign:")]
    return raised + signs + [_word(reading, m.start, m.end, f"{m.raises}.together:{'+'.join(m.classes)}") for m in met]


def _word(reading: Reading, start: int, end: int, cue: str) -> Told:
    traced = _explain(reading.field(Found(value="", start=start, end=end, rule=cue)))
    return {"source": traced["source"], "span": traced["span"], "cue": cue}
