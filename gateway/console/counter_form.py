"""What a clerk typed for a visitor: a form with papers, or without a script the words alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import web

from channels.forms import NAMES
from channels.forms.files import MOST_FILES
from gateway.staff.uploads import MULTIPART, read_form
from normalizer.record import nothing

FILES = {"papers": MOST_FILES}
WORD_BYTES = 64 * 1024
RECORDING_CHARS = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """``token`` is the same for a double click, and then so is the item."""

    visit: str
    token: str = field(default_factory=lambda: uuid4().hex)
    text: str = ""
    values: Mapping[str, str] = field(default_factory=nothing)
    recording: str = ""
    files: tuple[tuple[str, bytes], ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.text or self.files or any(self.values.values()))


async def given_by(request: web.Request) -> Written:
    """The form as it was sent; raises Problem where it is broken, or larger than allowed."""
    if request.content_type == MULTIPART:
        form = await read_form(request, FILES, WORD_BYTES)
        papers = tuple((paper.name, paper.content) for paper in form.files.get("papers", ()) if paper.name)
        return _written(form.words, papers)
    fields = await request.post()
    return _written({name: value for name, value in fields.items() if isinstance(value, str)}, ())


def _written(words: Mapping[str, str], papers: tuple[tuple[str, bytes], ...]) -> Written:
    return Written(
        visit=words.get("visit", ""),
        token=words.get("token", "") or uuid4().hex,
        text=words.get("text", "").strip(),
        values={name: words[name].strip() for name in NAMES if words.get(name, "").strip()},
        recording=words.get("recording", "").strip()[:RECORDING_CHARS],
        files=papers,
    )
