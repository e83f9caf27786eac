"""The record to JSON and back, without loss; what has its default value is left out, as this runs for every message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from normalizer.record import Complaint, Contact, ContactKind, Field, Heard, Intent, Method, Span

_METHODS = {method.value: method for method in Method}
_INTENTS = {intent.value: intent for intent in Intent}
_KINDS = {kind.value: kind for kind in ContactKind}
_NOT_HEARD = Heard()


def complaint_to_json(complaint: Complaint) -> dict[str, Any]:
    """A record as JSON-able values."""
    packed: dict[str, Any] = {"intent": complaint.intent.value, "language": complaint.language}
    if complaint.fields:
        packed["fields"] = {name: _field_out(found) for name, found in complaint.fields.items()}
    for name in ("amounts", "dates", "flags", "people"):
        if values := getattr(complaint, name):
            packed[name] = _fields_out(values)
    if complaint.missing:
        packed["missing"] = list(complaint.missing)
    if complaint.others:
        packed["others"] = {name: _fields_out(values) for name, values in complaint.others.items()}
    if complaint.heard != _NOT_HEARD:
        packed["heard"] = _heard_out(complaint.heard)
    return packed


def complaint_from_json(packed: Mapping[str, Any]) -> Complaint:
    """The record that ``complaint_to_json`` packed."""
    return Complaint(
        intent=_INTENTS[packed["intent"]],
        fields=MappingProxyType({name: _field_in(found) for name, found in packed.get("fields", {}).items()}),
        amounts=_fields_in(packed.get("amounts", ())),
        dates=_fields_in(packed.get("dates", ())),
        flags=_fields_in(packed.get("flags", ())),
        missing=tuple(packed.get("missing", ())),
        others=MappingProxyType({name: _fields_in(values) for name, values in packed.get("others", {}).items()}),
        people=_fields_in(packed.get("people", ())),
        language=packed["language"],
        heard=_heard_in(packed["heard"]) if "heard" in packed else _NOT_HEARD,
    )


def contact_to_json(contact: Contact) -> list[str]:
    return [contact.kind.value, contact.value]


def contact_from_json(packed: Iterable[str]) -> Contact:
    kind, value = packed
    return Contact(kind=_KINDS[kind], value=value)


def _fields_out(values: Iterable[Field]) -> list[dict[str, Any]]:
    return [_field_out(value) for value in values]


def _fields_in(values: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    return tuple([_field_in(value) for value in values])


def _field_out(found: Field) -> dict[str, Any]:
    packed: dict[str, Any] = {"value": found.value, "method": found.method.value, "confidence": found.confidence}
    if found.source:
        packed["source"] = found.source
    if found.span is not None:
        packed["span"] = [found.span.start, found.span.end, found.span.part]
    if found.rule:
        packed["rule"] = found.rule
    if found.item:
        packed["item"] = found.item
    return packed


def _field_in(packed: Mapping[str, Any]) -> Field:
    take = packed.get
    span = take("span")
    return Field(
        value=packed["value"],
        source=take("source", ""),
        span=Span(start=span[0], end=span[1], part=span[2]) if span else None,
        method=_METHODS[packed["method"]],
        confidence=packed["confidence"],
        rule=take("rule", ""),
        item=take("item", ""),
    )


def _heard_out(heard: Heard) -> dict[str, Any]:
    return {
        "intent": heard.intent.value,
        "rule": heard.rule,
        "fields": sorted(heard.fields),
        "corrected": sorted(heard.corrected),
        "contradicted": sorted(heard.contradicted),
        "correcting": heard.correcting,
        "declined": heard.declined,
        "agreed": heard.agreed,
        "case_numbers": list(heard.case_numbers),
        "last_four": heard.last_four,
        "score": heard.score,
        "greeting": heard.greeting,
        "clear": heard.clear,
    }


def _heard_in(packed: Mapping[str, Any]) -> Heard:
    return Heard(
        intent=_INTENTS[packed["intent"]],
        rule=packed.get("rule", ""),  # records kept before it was noted
        fields=frozenset(packed["fields"]),
        corrected=frozenset(packed["corrected"]),
        contradicted=frozenset(packed.get("contradicted", ())),
        correcting=packed["correcting"],
        declined=packed["declined"],
        agreed=packed["agreed"],
        case_numbers=tuple(packed["case_numbers"]),
        last_four=packed["last_four"],
        score=packed["score"],
        greeting=packed["greeting"],
        clear=packed["clear"],
    )
