"""For ``normalize --model``: the same reading along, one text after the other, without a store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from gateway.clock import SystemClock
from gateway.model.client import configured
from gateway.model.port import Model
from gateway.model.words import MOST_CHARACTERS
from gateway.settings import Settings
from normalizer.proposals.accepting import accepted, asked_for
from normalizer.proposals.hiding import Told, masked
from normalizer.record import Complaint, Intent, Submission

Reading = Callable[[Submission, Complaint], Complaint]


@contextmanager
def reading_along() -> Iterator[Reading]:
    """A function that gives the rules' record with what counts of the model's. Raises ValueError without a model."""
    with asyncio.Runner() as runner:
        model = configured(_settings(), SystemClock())
        if model is None:
            raise ValueError("TOUSU_MODEL_URL is empty: there is no model to read along")
        try:
            yield lambda submission, record: runner.run(read(model, submission, record))
        finally:
            runner.run(model.aclose())


async def read(model: Model, submission: Submission, record: Complaint) -> Complaint:
    """The rules' record with what counts of the model's proposals; the very same record on any failure."""
    if record.intent is not Intent.COMPLAINT:  # as in the service: a question about progress is nobody else's to read
        return record
    told = (Told(text=submission.text[:MOST_CHARACTERS], item=submission.key),)
    wanted = asked_for(record)
    words = masked(told, record, wanted)
    reply = await model.propose(words, wanted)
    return accepted(record, words, reply.proposals, model=model.name, sender=submission.sender)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        wrong = ", ".join("TOUSU_" + "_".join(map(str, each["loc"])).upper() for each in error.errors())
        raise ValueError(f"wrong settings: {wrong}") from None
