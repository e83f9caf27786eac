"""Texts that staff use again and again: what may stand in one, and how it is filled in."""

from __future__ import annotations

import string
from dataclasses import replace

from gateway.house import House
from store.desk import Text

PLACEHOLDERS = ("number", "label", "due")
USES = ("reply", "ask", "status")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
NAME_CHARS, TEXT_CHARS = 60, 2000


class BadText(ValueError):
    """Why a text is not kept: name, too_long, empty, placeholder, choice, gone."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def check(text: Text) -> None:
    """Raise BadText unless it can be kept, and filled in whatever the complaint."""
    if text.use not in USES or text.language not in LANGUAGES:
        raise BadText("choice")
    if not 0 < len(text.name) <= NAME_CHARS:
        raise BadText("name")
    if not text.text:
        raise BadText("empty")
    if len(text.text) > TEXT_CHARS:
        raise BadText("too_long")
    _check_places(text.text)


def _check_places(text: str) -> None:
    """Only our placeholders, and bare: {number:>999999} would be a page of spaces, {number.__class__} our inside."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        raise BadText("placeholder") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise BadText("placeholder")


def filled(text: Text, *, number: str, label: str, due: str) -> str:
    """The words for one complaint."""
    return text.text.format(number=number, label=label, due=due)


async def keep(house: House, text: Text, *, by: str) -> int:
    """Keep a new text (id 0), or a new version of one; every version stays in the audit trail. Its id."""
    text = replace(text, name=text.name.strip(), text=text.text.replace("\r\n", "\n").strip())
    check(text)
    now = house.clock.now()
    async with house.store.unit() as unit:
        before = await unit.texts.get(text.id, lock=True) if text.id else None
        if text.id and before is None:
            raise BadText("gone")
        if text.id:
            await unit.texts.save(text, by=by, at=now)
        id = text.id or await unit.texts.add(text, by=by, at=now)
        detail = {"name": text.name, "language": text.language, "use": text.use, "text": text.text}
        await unit.audit.write(at=now, actor=by, action="text_saved", subject=f"text {id}", detail=detail)
        await unit.commit()
    return id


async def retire(house: House, id: int, *, by: str, retired: bool) -> None:
    """Offer it no more, or again; raises BadText where there is none."""
    now = house.clock.now()
    async with house.store.unit() as unit:
        if await unit.texts.get(id, lock=True) is None:
            raise BadText("gone")
        await unit.texts.retire(id, retired=retired)
        action = "text_retired" if retired else "text_revived"
        await unit.audit.write(at=now, actor=by, action=action, subject=f"text {id}")
        await unit.commit()
