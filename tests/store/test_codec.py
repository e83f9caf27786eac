"""The record goes to JSON and back without loss."""

from __future__ import annotations

import json
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.record import Complaint, Contact, ContactKind, Field, Heard, Intent, Method, Span
from store.codec import complaint_from_json, complaint_to_json, contact_from_json, contact_to_json
from tests.store.things import RECORD

words = st.text(max_size=12)
places = st.integers(0, 99)
spans = st.none() | st.builds(Span, start=places, end=places, part=st.sampled_from(["text", "subject"]))
fields = st.builds(
    Field,
    value=words,
    source=words,
    span=spans,
    method=st.sampled_from(Method),
    confidence=st.floats(0, 1),
    rule=words,
    item=words,
)
several = st.lists(fields, max_size=3).map(tuple)
names = st.frozensets(st.sampled_from(["phone", "email", "matter"]))
heard = st.builds(
    Heard,
    intent=st.sampled_from(Intent),
    fields=names,
    corrected=names,
    contradicted=names,
    correcting=words,
    declined=words,
    agreed=st.none() | st.booleans(),
    case_numbers=st.lists(words, max_size=2).map(tuple),
    last_four=words,
    score=st.none() | st.integers(1, 5),
    greeting=st.booleans(),
    clear=st.booleans(),
)
complaints = st.builds(
    Complaint,
    intent=st.sampled_from(Intent),
    fields=st.dictionaries(words, fields, max_size=4).map(MappingProxyType),
    amounts=several,
    dates=several,
    people=several,
    flags=several,
    missing=st.lists(words, max_size=3).map(tuple),
    others=st.dictionaries(words, several, max_size=2).map(MappingProxyType),
    language=words,
    heard=heard,
)


def through_json(record: Complaint) -> Complaint:
    return complaint_from_json(json.loads(json.dumps(complaint_to_json(record), ensure_ascii=False)))


@settings(max_examples=40)
@given(complaints)
def test_any_record_comes_back_whole(record: Complaint) -> None:
    assert through_json(record) == record


def test_a_full_record_and_an_empty_one_come_back_whole() -> None:
    assert through_json(RECORD) == RECORD
    assert through_json(Complaint()) == Complaint()


@given(st.sampled_from(ContactKind), words)
def test_an_address_comes_back_whole(kind: ContactKind, value: str) -> None:
    contact = Contact(kind=kind, value=value)
    assert contact_from_json(json.loads(json.dumps(contact_to_json(contact)))) == contact
