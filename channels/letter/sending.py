"""An answer becomes a letter: set in type, laid into the tray, and kept as it was printed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from channels.base import Outbound, OutboundKind, Printed, Receipt
from channels.errors import Misconfigured, Rejected, Unreachable
from channels.letter.ports import OutTray, Printer
from channels.letter.printing.values import Ask, Decision, Kind, Language, PrintedLetter, ReplyLetter
from channels.letter.slips import Slips
from normalizer.record import SHANGHAI, ContactKind

KINDS: Mapping[OutboundKind, Kind] = {
    OutboundKind.ANSWER: "answer",
    OutboundKind.RECEIPT: "receipt",
    OutboundKind.REMINDER: "reminder",
    OutboundKind.STATUS: "status",
    OutboundKind.COPY: "answer",
}
LANGUAGES: Mapping[str, Language] = {"zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "en": "en"}
BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")


class LetterSender:
    """Sends what the outbox gives; the same delivery attempted again is the same letter."""

    def __init__(self, printer: Printer, tray: OutTray | None, slips: Slips) -> None:
        self._printer = printer
        self._tray = tray
        self._slips = slips

    async def send(self, outbound: Outbound) -> Receipt:
        """Raises a DeliveryError."""
        if outbound.to.kind is not ContactKind.POST or not outbound.to.value.strip():
            raise Unreachable("no postal address is known")
        if self._tray is None:
            raise Misconfigured("TOUSU_LETTER_OUT is not set: no letter can leave")
        printed = await self._tray.find(outbound.id) or await self._print(outbound, self._tray)
        kept = Printed(content=printed.pdf, pages=printed.pages)
        return Receipt(provider_id=outbound.id, via="print", printed=kept)

    async def aclose(self) -> None:
        await self._printer.aclose()

    async def _print(self, outbound: Outbound, tray: OutTray) -> PrintedLetter:
        letter = await self._letter(outbound)
        return await tray.lay(letter, await self._printer.print(letter), outbound.created_at)

    async def _letter(self, outbound: Outbound) -> ReplyLetter:
        asks, decision = _asks(outbound.context), _decision(outbound.context)
        return ReplyLetter(
            id=outbound.id,
            number=outbound.number,
            kind="decision" if decision else KINDS.get(outbound.kind, "answer"),
            name=outbound.context.get("name", ""),
            address=outbound.to.value,
            paragraphs=paragraphs(outbound.text),
            written_on=outbound.created_at.astimezone(SHANGHAI).date(),
            asks=asks,
            decision=decision,
            slip=await self._slips.slip_for(outbound.number) if asks and outbound.number else "",
            language=LANGUAGES.get(outbound.language, "zh-Hans"),
            large=outbound.context.get("large") == "yes",
        )


def paragraphs(text: str) -> tuple[str, ...]:
    """Parts between empty lines."""
    parts = BETWEEN_PARAGRAPHS.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    return tuple(part.strip() for part in parts if part.strip())


def _asks(context: Mapping[str, str]) -> tuple[Ask, ...]:
    given = _json(context, "asks")
    try:
        return tuple(Ask(name=str(name), text=str(text)) for name, text in given or ())
    except (TypeError, ValueError) as error:
        raise Rejected("what is asked for is not a list of names and texts", code="asks") from error


def _decision(context: Mapping[str, str]) -> Decision | None:
    given = _json(context, "decision")
    if not given:
        return None
    try:
        return Decision(**{name: str(given[name]) for name in ("verified", "basis", "remedies")})
    except (KeyError, TypeError) as error:
        raise Rejected("a decision must say what was verified, on which basis, and the remedies", code="19") from error


def _json(context: Mapping[str, str], name: str) -> Any:
    try:
        return json.loads(context.get(name) or "null")
    except ValueError as error:
        raise Rejected(f"{name} is not JSON", code=name) from error
