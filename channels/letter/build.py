"""From the environment to the channel, or the reason why it is off."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from channels.base import Means, Off
from channels.letter.channel import LetterChannel
from channels.letter.printing.press import Press
from channels.letter.printing.tray import Tray
from channels.letter.printing.values import Letterhead
from channels.letter.reader import PaperReader
from channels.letter.sending import LetterSender
from channels.letter.settings import LetterSettings
from channels.letter.slips import Slips


def build(means: Means) -> LetterChannel | Off:
    """Raises ValueError when letters are configured, but wrongly."""
    given = means.settings
    if not given["letter_in"]:
        return Off("TOUSU_LETTER_IN is not set")
    settings = LetterSettings(
        folder=Path(given["letter_in"]),
        out=Path(given["letter_out"]) if given["letter_out"] else None,
        stable=float(given["letter_stable_seconds"]),
        rescan=float(given["letter_rescan_seconds"]),
    )
    slips = Slips(means.memory)
    tray = Tray(settings.out) if settings.out else None
    return LetterChannel(
        settings,
        reader=PaperReader(threads=int(given["letter_threads"])),
        slips=slips,
        sender=LetterSender(Press(letterhead(given)), tray, slips),
        clock=means.clock,
    )


def letterhead(given: Mapping[str, str]) -> Letterhead:
    """What stands on top of our letters."""
    return Letterhead(
        org=given["org_name"],
        address=given["letter_return_address"],
        phone=given["letter_phone"],
        signatory=given["letter_signatory"],
    )
