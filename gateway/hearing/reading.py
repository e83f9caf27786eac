"""What a recogniser's reply says: text, and how sure it is where it tells.

=========================  ==================================================
audio transcriptions API   ours
=========================  ==================================================
text                       the words
confidence                 some servers: 0 to 1
segments[].avg_logprob     others: of verbose_json, whatever form was asked for
=========================  ==================================================
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.hearing.errors import Again
from gateway.hearing.port import Heard

MOST_CHARACTERS = 20_000  # an hour of fast speech
CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}

Probability = Annotated[float, Field(ge=0, le=1)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class _Segment(_Told):
    avg_logprob: Annotated[float, Field(le=0)] | None = None


class _Reply(_Told):
    text: str = Field(max_length=MOST_CHARACTERS)
    confidence: Probability | None = None
    segments: list[_Segment] = []


def read_reply(body: bytes) -> Heard:
    """The words of a reply. Raises Again; its message never quotes the reply, which may quote a customer."""
    try:
        reply = _Reply.model_validate_json(body)
    except (ValidationError, ValueError, RecursionError):
        raise Again("not in the agreed form") from None
    return Heard(text=reply.text.translate(CONTROLS).strip(), confidence=_confidence(reply))


def _confidence(reply: _Reply) -> float | None:
    """Its own word, else that of its least certain segment: one misheard sentence is enough to listen."""
    if reply.confidence is not None:
        return reply.confidence
    told = [segment.avg_logprob for segment in reply.segments if segment.avg_logprob is not None]
    return math.exp(min(told)) if told else None
