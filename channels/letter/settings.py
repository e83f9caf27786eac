"""The settings of the letter channel, checked once when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterSettings:
    """What a person sets. Raises ValueError that names the setting at fault."""

    folder: Path  # into which the mailroom scans
    out: Path | None = None  # for letters to be printed; None: none can leave
    stable: float = 5.0  # seconds a scan must stay unchanged
    rescan: float = 30.0  # seconds, the longest wait between two looks

    def __post_init__(self) -> None:
        if self.stable < 0:
            raise ValueError("TOUSU_LETTER_STABLE_SECONDS must not be negative")
        if self.rescan <= 0:
            raise ValueError("TOUSU_LETTER_RESCAN_SECONDS must be more than 0")
        if self.out is not None and self._overlap(self.out):
            raise ValueError("TOUSU_LETTER_OUT must lie outside TOUSU_LETTER_IN, or our own letters would be taken in")

    def _overlap(self, out: Path) -> bool:
        ours, theirs = self.folder.resolve(), out.resolve()
        return ours == theirs or ours in theirs.parents or theirs in ours.parents
