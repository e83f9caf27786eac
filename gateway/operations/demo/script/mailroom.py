"""The post in the script's hands: letters of people, and ours as they come through the door."""

from __future__ import annotations

from typing import Any

from gateway.operations.demo.letter_acts import LetterActs
from gateway.operations.demo.paper import NO_FONTS, Draft, has_fonts
from gateway.operations.demo.script.watch import Skipped, Watch, check
from store.values import Case, KeptScan, Posting, PostState

READ_WITHIN = 150.0  # seconds for a page on a busy machine, and for the models to load
PRINTED_WITHIN = 40.0


class Mailroom:
    """Each gesture gives what became of it. Raises Skipped where letters cannot be drawn."""

    def __init__(self, watch: Watch) -> None:
        if not has_fonts():
            raise Skipped(NO_FONTS)
        self._watch, self._box, self._acts = watch, watch.stage.letters, LetterActs(watch.stage)

    async def send(self, draft: Draft) -> tuple[KeptScan, Case]:
        """Write and drop a letter; how it was read, and the complaint it belongs to."""
        return await self._read(await self._box.write(draft))

    async def return_slip(self, letter: Posting, answers: str) -> tuple[KeptScan, Case]:
        return await self._read(await self._box.answer_slip(letter.id, answers))

    async def _read(self, key: str) -> tuple[KeptScan, Case]:
        async def look() -> tuple[KeptScan, Case] | None:
            async with self._watch.stage.gateway.house.store.reading() as unit:
                entry = await unit.ledger.find("letter", key)
                kept = await unit.scans.of_ledger(entry.id) if entry is not None else None
                case = await unit.complaints.get(kept.complaint_id) if kept and kept.complaint_id else None
            return (kept, case) if kept is not None and case is not None else None

        return await self._watch.until(look, "the letter is read and belongs to a complaint", READ_WITHIN)

    async def next_letter(self, case: Case, seen: int) -> tuple[Posting, str]:
        """Our letter after the first ``seen`` ones on this case, and what it says."""

        async def look() -> Posting | None:
            return next(iter((await self._ours(case))[seen:]), None)

        letter = await self._watch.until(look, f"a letter of ours on {case.number} is printed", PRINTED_WITHIN)
        lies = (await self._box.tray()).get(letter.id)
        check(lies is not None and lies.intact, "the letter lies in the tray as it was printed")
        assert lies is not None, "checked a moment ago"
        return letter, "".join((await self._box.text_of(lies)).split())

    async def letters(self, case: Case) -> int:
        return len(await self._ours(case))

    async def _ours(self, case: Case) -> list[Posting]:
        async with self._watch.stage.gateway.house.store.reading() as unit:
            return list(await unit.post.of_complaint(case.id))

    async def look_at(self, kept: KeptScan, case: Case, **fields: str) -> None:
        """Staff say what they see on the paper."""
        await self._acts.confirm({"number": case.number, "item": kept.ledger_id, "fields": fields})

    async def note(self, letter: Posting, state: PostState, tracking: str = "") -> None:
        """The mailroom notes where a letter is."""
        asked: dict[str, Any] = {"id": letter.id, "state": state, "tracking": tracking}
        await self._acts.move(asked)

    async def latest(self) -> tuple[Posting, Case]:
        """The receipt that was printed last."""
        async with self._watch.stage.gateway.house.store.reading() as unit:
            letters = [each for each in await unit.post.list(limit=20) if each.kind == "receipt"]
        check(letters, "a receipt was printed before")
        return letters[0], await self._watch.case(letters[0].number)
