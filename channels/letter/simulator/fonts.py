"""The typefaces that the invented letters are set in, found where a system keeps them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path("/usr/share/fonts/opentype/noto")
FILES: Mapping[str, tuple[str, ...]] = {
    "serif": ("NotoSerifCJK-Regular.ttc",),
    "serif-bold": ("NotoSerifCJK-Bold.ttc",),
    "sans": ("NotoSansCJK-Regular.ttc",),
    "sans-bold": ("NotoSansCJK-Bold.ttc",),
    "kai": ("LXGWWenKai-Regular.ttf", "lxgw-wenkai.ttf", "ukai.ttc", "simkai.ttf", "gkai00mp.ttf"),
}
MAINLAND = ("SC", "CN")  # how a collection names the face with the mainland's shapes
FACES = 10  # more than any collection of these holds
PATIENCE = 10.0  # seconds for fontconfig


class NoFonts(Exception):
    """No Chinese typeface is installed; Debian has them as fonts-noto-cjk."""


def styles() -> tuple[str, ...]:
    """The styles that can be written in here: serif, sans, their bold ones, and kai where one is installed."""
    return tuple(style for style in FILES if _file(style))


@lru_cache(maxsize=64)
def face(style: str, pixels: int) -> FreeTypeFont:
    """A typeface at a size. Raises NoFonts; ``kai`` is drawn in serif where none is installed."""
    from PIL import ImageFont

    path = _file(style) or _file(style.removesuffix("-bold")) or _file("serif") or _file("sans") or _any()
    if path is None:
        raise NoFonts(NoFonts.__doc__)
    basic = ImageFont.Layout.BASIC  # one advance per character: what is measured is what is drawn
    return ImageFont.truetype(path, pixels, index=_index(path), layout_engine=basic)


@lru_cache(maxsize=16)
def _file(style: str) -> Path | None:
    for name in FILES.get(style, ()):
        if (path := FOLDER / name).is_file():
            return path
    known = {path.name: path for path in _installed()}
    return next((known[name] for name in FILES.get(style, ()) if name in known), None)


def _any() -> Path | None:
    return next(iter(sorted(_installed())), None)


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    """Every file that fontconfig knows to hold Chinese, none where there is no fontconfig."""
    command = ["fc-list", ":lang=zh-cn", "file"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(Path(line.rstrip(": ")) for line in told.stdout.splitlines())


@lru_cache(maxsize=16)
def _index(path: Path) -> int:
    return next((index for index, name in _faces(path) if name.endswith(MAINLAND)), 0)


def _faces(path: Path) -> Iterator[tuple[int, str]]:
    from PIL import ImageFont

    for index in range(FACES):
        try:
            yield index, ImageFont.truetype(path, 10, index=index).getname()[0] or ""
        except OSError:
            return
