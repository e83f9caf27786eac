"""What people put on paper and how it is scanned: letters by hand or machine, enclosures, and scanners good and bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from channels.letter.simulator import (
    PRESETS,
    Layout,
    Page,
    envelope,
    id_card_copy,
    invoice,
    scanned,
    signed,
    styles,
    write_letter,
    written,
)
from gateway.operations.demo.asking import Refusal

if TYPE_CHECKING:
    from channels.letter.simulator.scanner import Effect

_Entry = TypeVar("_Entry")

NO_FONTS = (
    "没有安装中文字体 fonts-noto-cjk，不能写信，也不能打印回信；仍可拖入扫描件。"
    "fonts-noto-cjk is not installed: letters cannot be written or printed here; scans can still be dropped."
)
NEEDED = frozenset({"serif", "sans"})  # both are in what we print
BLUE_INK = (26, 44, 130)
DOTS = 200 / 25.4  # to a millimetre, of a page as it is drawn
BELOW = 10.0  # mm from the last line to the middle of a signature
HANDS: Mapping[str, Layout] = {
    "print": Layout(),
    "hand": Layout(font="kai", size_pt=14, unsteady=0.05, ink=BLUE_INK),
    "shaky": Layout(font="kai", size_pt=17, unsteady=0.08, ruled=True, spacing=1.9, ink=BLUE_INK),
}
SCANS: Mapping[str, Sequence[Effect]] = {
    **{name: PRESETS[name] for name in ("clean", "mild", "medium", "low_contrast", "stamped", "fax", "photo", "filed")},
    "turned": PRESETS["turned_90"],
    "upside_down": PRESETS["turned_180"],
    "turned_stamped": (*PRESETS["stamped"], *PRESETS["turned_90"]),
}
ENCLOSURES: Mapping[str, Callable[[], Page]] = {"id_card": id_card_copy, "invoice": invoice, "envelope": envelope}


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A letter that somebody is about to send."""

    text: str
    hand: str = "print"
    scan: str = "mild"
    enclosures: tuple[str, ...] = ()
    is_signed: bool = True


def has_fonts() -> bool:
    return set(styles()) >= NEEDED


def as_scanned(draft: Draft, seed: int) -> bytes:
    """The PDF that the scanner makes of it. Raises Refusal."""
    pages = list(write_letter(draft.text, _one_of(HANDS, draft.hand)))
    if draft.is_signed:
        pages[-1] = _signed(pages[-1])
    enclosed = [_one_of(ENCLOSURES, name)() for name in draft.enclosures]
    return scan_of([*pages, *enclosed], draft.scan, seed)


def _signed(page: Page) -> Page:
    """Under the last line, where it hides no typed name."""
    left, _, right, bottom = page.lines[-1].box
    return signed(page, at=((left + right) / 2 / DOTS, bottom / DOTS + BELOW), colour=BLUE_INK)


def scan_of(pages: Sequence[Page], scan: str, seed: int) -> bytes:
    """Pages as a PDF from such a scanner. Raises Refusal."""
    return written(scanned(pages, _one_of(SCANS, scan), seed), "scan.pdf")


def _one_of(table: Mapping[str, _Entry], name: str) -> _Entry:
    if name not in table:
        raise Refusal(f"there is no {name!r} here; there are {', '.join(table)}")
    return table[name]
