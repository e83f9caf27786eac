"""A filled form as bytes and back: one line of JSON, then the files one after the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from channels.base import Item
from channels.errors import Unreadable
from normalizer.record import Attachment, Submission, Thread, nothing

VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class FormItem:
    """What came in one form."""

    visit: str
    text: str = ""
    given: Mapping[str, str] = field(default_factory=nothing)
    files: tuple[Attachment, ...] = ()
    thread: Thread | None = None


def item_of(submission: Submission) -> Item:
    """The same form as a raw item, to be kept before it is read."""
    return Item(
        channel=submission.channel,
        key=submission.key,
        received_at=submission.received_at,
        raw=submission.raw,
    )


def pack(form: FormItem) -> bytes:
    """Canonical: the same form is the same bytes."""
    head = {
        "form": VERSION,
        "visit": form.visit,
        "text": form.text,
        "given": dict(form.given),
        "thread": _thread(form.thread),
        "files": [_described(each) for each in form.files],
    }
    line = json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"\n".join((line, b"".join(each.content or b"" for each in form.files)))


def read_form(raw: bytes) -> FormItem:
    """The form that these bytes are. Raises Unreadable."""
    line, _, rest = raw.partition(b"\n")
    try:
        head = json.loads(line)
        return _form(head, rest) if head["form"] == VERSION else _unknown()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"no form of ours: {type(error).__name__}") from error


def _form(head: Mapping[str, Any], rest: bytes) -> FormItem:
    thread = head["thread"]
    return FormItem(
        visit=str(head["visit"]),
        text=str(head["text"]),
        given=MappingProxyType({str(name): str(value) for name, value in head["given"].items()}),
        files=tuple(_files(head["files"], rest)),
        thread=Thread(number=thread["number"], by=tuple(thread["by"]), proven=thread["proven"]) if thread else None,
    )


def _unknown() -> FormItem:
    raise Unreadable("a form of another version")


def _files(described: list[Mapping[str, Any]], rest: bytes) -> Iterator[Attachment]:
    start = 0
    for each in described:
        content = rest[start : start + each["size"]]
        start += each["size"]
        if hashlib.sha256(content).hexdigest() != each["sha256"]:
            raise Unreadable("a file of the form is damaged")
        yield Attachment(name=each["name"], media_type=each["type"], content=content)


def _described(file: Attachment) -> dict[str, Any]:
    content = file.content or b""
    return {
        "name": file.name,
        "type": file.media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _thread(thread: Thread | None) -> dict[str, Any] | None:
    return {"number": thread.number, "by": list(thread.by), "proven": thread.proven} if thread else None
