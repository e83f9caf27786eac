"""Where the fonts of our letters are on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typst

ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# Serif for what is said, sans for what stands around it; the second of a pair lends what the first has not.
SERIF = {
    "zh-Hans": ("Noto Serif CJK SC", "Noto Sans CJK SC"),
    "zh-Hant": ("Noto Serif CJK TC", "Noto Sans CJK TC"),
    "en": ("Noto Serif CJK SC", "Noto Sans CJK SC"),
}
SANS = {language: families[1:] for language, families in SERIF.items()}
_FILES = "Noto*CJK*.tt[cf]"


class NoFonts(Exception):
    """The Noto CJK fonts are not installed, or not all of them."""


def find_fonts(roots: Iterable[Path] = ROOTS) -> typst.Fonts:
    """The fonts in the folders that hold Noto CJK, and no others of the system. Raises NoFonts."""
    folders = sorted({str(file.parent) for root in roots for file in root.rglob(_FILES)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    missing = {family for families in SERIF.values() for family in families} - set(fonts.families())
    if missing:
        raise NoFonts(f"not installed: {', '.join(sorted(missing))}")
    return fonts


def embedded_name(family: str) -> str:
    """How a family begins its names in a PDF: "Noto Serif CJK SC" is NotoSerifCJKsc-Regular there."""
    stem, middle, script = family.replace(" ", "").partition("CJK")
    return f"{stem}{middle}{script.lower()}-"
