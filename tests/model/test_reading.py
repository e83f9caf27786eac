"""A reply is read whole or not at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.errors import Nonsense
from gateway.model.reading import read_reply

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def completion(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@given(st.binary(max_size=100) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_server_sends_is_nonsense_or_proposals(body: bytes) -> None:
    with pytest.raises(Nonsense):
        read_reply(body)


@given(json_values)
def test_whatever_a_model_writes_is_nonsense_or_proposals(content: object) -> None:
    with pytest.raises(Nonsense):
        read_reply(completion(json.dumps({"proposals": [content]})))


def test_one_proposal_of_a_wrong_type_spoils_the_reply() -> None:
    good = {"field": "request", "value": "退钱", "quote": "退钱"}
    assert len(read_reply(completion(json.dumps({"proposals": [good]})))) == 1
    with pytest.raises(Nonsense):
        read_reply(completion(json.dumps({"proposals": [good, {**good, "value": 1}]})))


def test_its_message_quotes_nobody() -> None:
    with pytest.raises(Nonsense) as caught:
        read_reply(completion("我叫贺小山"))
    assert "贺小山" not in str(caught.value)
    assert caught.value.__cause__ is None
