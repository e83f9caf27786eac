"""The words of a recording as an item of its own: taken in like anything said, and never answered."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.base import Item
from channels.errors import Unreadable
from normalizer.record import NOBODY, Contact, ContactKind, Submission
from store.unit import Store
from store.values import File, Words

PREFIX = "words:"
WORDS_OF = "words_of"  # in the context of such an item: the id of the file that it was heard in
STAFF = "staff"


class _Raw(BaseModel):
    """The item as it lies in the ledger: enough to read it again without anything else."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    file: str
    text: str
    method: str
    kind: str = Field(pattern=f"^(?:{'|'.join(ContactKind)})$")
    value: str
    call: str


async def submission_of(store: Store, file: File, words: Words) -> Submission:
    """What was said in a recording, by whoever sent it, when it came."""
    async with store.reading() as unit:
        talk = await unit.conversations.get(file.conversation_id) if file.conversation_id else None
        entry = await unit.ledger.get(file.ledger_id)
    sender = talk.contact if talk else NOBODY
    raw = _Raw(file=file.id, text=words.text, method=words.method, kind=sender.kind, value=sender.value, call=file.call)
    received_at = file.received_at or (entry.received_at if entry else None)
    assert received_at is not None, "a file points to its item"
    content = json.dumps(raw.model_dump(), ensure_ascii=False).encode()
    return read_words(Item(channel=file.channel, key=_key(file, words), received_at=received_at, raw=content))


def _key(file: File, words: Words) -> str:
    """A machine is heard once; a person may correct what they typed, and the same typed twice is one item."""
    if words.method != STAFF:
        return f"{PREFIX}{file.id}"
    return f"{PREFIX}{file.id}:{STAFF}:{hashlib.sha256(words.text.encode()).hexdigest()[:32]}"


def read_words(item: Item) -> Submission:
    """The words again. Raises Unreadable for what we did not write."""
    try:
        raw = _Raw.model_validate_json(item.raw)
    except (ValidationError, ValueError):
        raise Unreadable("words of a recording, not as we wrote them") from None
    return Submission(
        channel=item.channel,
        key=item.key,
        sender=Contact(kind=ContactKind(raw.kind), value=raw.value),
        received_at=item.received_at,
        text=raw.text,
        raw=item.raw,
        attested=False,
        may_answer=False,
        context={WORDS_OF: raw.file, "method": raw.method},
        talk=raw.call,
    )
