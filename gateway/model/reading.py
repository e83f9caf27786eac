"""What a model's reply says: the whole of it in the agreed form, or nothing.

=====================  ==========================
chat completions API   ours
=====================  ==========================
choices[0].message     the reply
content                JSON of proposals
=====================  ==========================
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.model.errors import Nonsense
from normalizer.proposals.accepting import MOST_PROPOSALS, Proposal

MOST_CHARACTERS = 2000  # of one string; what is shorter and still too long is refused one by one


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Message(_Strict):
    content: str


class _Choice(_Strict):
    message: _Message


class _Completion(_Strict):
    choices: Annotated[list[_Choice], Field(min_length=1)]


class _Proposal(_Strict):
    field: str = Field(max_length=40)
    value: str = Field(max_length=MOST_CHARACTERS)
    quote: str = Field(max_length=MOST_CHARACTERS)


class _Proposals(_Strict):
    proposals: Annotated[list[_Proposal], Field(max_length=MOST_PROPOSALS)]


def read_reply(body: bytes) -> tuple[Proposal, ...]:
    """Proposals of a chat completion. Raises Nonsense; its message never quotes the reply, which may quote a customer.

    Nothing is cut out of prose or fences: who does not keep the form has not understood what was asked either.
    """
    try:
        content = _Completion.model_validate_json(body).choices[0].message.content
        found = _Proposals.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError):
        raise Nonsense("not in the agreed form") from None
    return tuple(Proposal(field=each.field, value=each.value, quote=each.quote) for each in found.proposals)
