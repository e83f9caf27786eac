"""What can be done on the sandbox page with paper: send it, read it, and follow ours through the post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.casework.post import NoSuchLetter, NotPossible, move_letter
from gateway.operations.demo.asking import Act, Handler, Refusal, as_handler, list_in, text_in
from gateway.operations.demo.paper import Draft
from gateway.operations.demo.staff_api import StaffApi
from gateway.operations.demo.stage import Stage
from store.values import PostState

STAFF = "sandbox-staff"
MOST_WRITTEN = 4_000  # about six pages
MOST_ANSWERS = 1_000
NUMBER = re.compile(r"TS\d{12}")
STATES = {"posted": PostState.POSTED, "delivered": PostState.DELIVERED, "returned": PostState.RETURNED}
TRACKING = re.compile(r"[0-9A-Za-z-]{0,40}")


class LetterActs:
    """Each takes JSON and answers JSON; raises Refusal."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._api = StaffApi(stage)

    def table(self) -> dict[str, Handler]:
        acts: dict[str, Act] = {
            "letter/write": self.write,
            "letter/drop": self.drop,
            "letter/slip": self.slip,
            "staff/confirm": self.confirm,
            "staff/token": self.token,
            "post/move": self.move,
        }
        return {path: as_handler(act) for path, act in acts.items()}

    async def write(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        draft = Draft(
            text=text_in(asked, "text")[:MOST_WRITTEN],
            hand=str(asked.get("hand", "print")),
            scan=str(asked.get("scan", "mild")),
            enclosures=tuple(str(name) for name in list_in(asked, "enclosures")),
            is_signed=asked.get("signed", True) is True,
        )
        return await self._dropped(await self._stage.letters.write(draft))

    async def drop(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """A file that was chosen on the page."""
        file = self._stage.shelf.find(str(asked.get("file")))
        if file is None:
            raise Refusal("that file is not here any more; choose it again", 404)
        return await self._dropped(await self._stage.letters.drop(file.name, file.content))

    async def slip(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        answers = text_in(asked, "answers")[:MOST_ANSWERS]
        return await self._dropped(await self._stage.letters.answer_slip(text_in(asked, "id"), answers))

    async def confirm(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What staff read on the paper themselves."""
        number, fields = text_in(asked, "number"), asked.get("fields")
        if not NUMBER.fullmatch(number):
            raise Refusal("there is no such complaint", 404)
        given = {
            "item": asked.get("item"),
            "fields": {str(name): str(value) for name, value in fields.items()} if isinstance(fields, dict) else {},
            "text": str(asked.get("text") or "").strip(),
            "as_written": asked.get("as_written") is True,
        }
        await self._api.post(f"complaints/{number}/fields", given)
        return {}

    async def token(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """For the staff's own pages, which ask for it; it is printed in the terminal, too."""
        return {"token": self._stage.gateway.house.settings.api_token.get_secret_value()}

    async def move(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where a letter of ours is, as the mailroom notes it."""
        wanted, tracking = STATES.get(str(asked.get("state"))), str(asked.get("tracking") or "").strip()
        if wanted is None or not TRACKING.fullmatch(tracking):
            raise Refusal("posted with a number of letters and digits, delivered, or returned")
        try:
            moved = await move_letter(
                self._stage.gateway.house, text_in(asked, "id"), wanted, tracking=tracking, actor=STAFF
            )
        except NoSuchLetter:
            raise Refusal("there is no such letter", 404) from None
        except NotPossible as error:
            raise Refusal(f"a letter that is {error.now} cannot become {error.wanted}", 409) from None
        return {"state": moved.state}

    async def _dropped(self, key: str) -> Mapping[str, Any]:
        """Whether these very bytes came before: then nothing further will happen."""
        async with self._stage.gateway.house.store.reading() as unit:
            known = await unit.ledger.find("letter", key)
        return {"key": key, "known": known is not None}
