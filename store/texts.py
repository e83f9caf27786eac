"""Texts that staff use again and again. One that is retired stays: what was sent with it must stay explicable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from store.desk import Text
from store.line import AnyRow
from store.models import texts as table
from store.prepared import Prepared
from store.repository import Repository

_ADD = Prepared(insert(table).returning(table.c.id))
_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_CHANGE = Prepared(update(table).where(table.c.id == bindparam("which")))
_ALL = Prepared(select(table).order_by(table.c.use, table.c.language.desc(), table.c.name, table.c.id))


class Texts(Repository):
    """Texts by id."""

    __slots__ = ()

    async def add(self, text: Text, *, by: str, at: datetime) -> int:
        """Keep a new text; its id."""
        rows = await self._line.rows(_ADD, {"retired": text.retired, **self._row(text, by, at)})
        return int(rows[0].id)

    async def save(self, text: Text, *, by: str, at: datetime) -> None:
        """New words, or another name, for the text with this id."""
        await self._line.run(_CHANGE, {"which": text.id, **self._row(text, by, at)})

    async def retire(self, id: int, *, retired: bool) -> None:
        """Offer it no more; or again."""
        await self._line.run(_CHANGE, {"which": id, "retired": retired})

    async def get(self, id: int, *, lock: bool = False) -> Text | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._text(rows[0]) if rows else None

    async def all(self) -> Sequence[Text]:
        """Every text, those retired too."""
        return [self._text(row) for row in await self._line.rows(_ALL)]

    async def offered(self, use: str, language: str) -> Sequence[Text]:
        """Those to choose from."""
        return [text for text in await self.all() if (text.use, text.language) == (use, language) and not text.retired]

    def _row(self, text: Text, by: str, at: datetime) -> dict[str, Any]:
        body = {"text": text.text, "by": by, "at": at.isoformat()}
        return {
            "name": text.name,
            "language": text.language,
            "use": text.use,
            "body": self._keys.seal_json(body, "texts.body"),
        }

    def _text(self, row: AnyRow) -> Text:
        return Text(
            id=row.id,
            name=row.name,
            language=row.language,
            use=row.use,
            retired=row.retired,
            text=self._keys.open_json(row.body, "texts.body")["text"],
        )
