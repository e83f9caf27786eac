"""Pages drawn for the eyes: print on paper, and what happens to paper."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from channels.letter.reading.pixels import blurred, picture_of
from channels.letter.reading.values import Picture, Sheet

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # index in the collection
SIZE = 33  # 12 points at 200 dpi

needs_font = pytest.mark.skipif(not FONT.exists(), reason="the pages are set in Noto Sans CJK (fonts-noto-cjk)")

LETTER = (
    "投诉信",
    "投诉人：黄伟源　　性别：男",
    "联系电话：13959791907",
    "保单号：PDAA202641010000123456",
    "本人于2024年3月5日购买了贵公司的终身寿险，",
    "业务员口头承诺三年后可以全额取回本金。",
    "请求贵公司全额退还保费86,712.20元。",
)


def page(lines: Sequence[str] = LETTER, *, width: int = 1000, step: int = 64) -> Picture:
    """Lines in black on white, as a printer sets them."""
    font = ImageFont.truetype(FONT, SIZE, index=SIMPLIFIED)
    paper = Image.new("RGB", (width, 140 + step * len(lines)), "white")
    draw = ImageDraw.Draw(paper)
    for at, line in enumerate(lines):
        draw.text((90, 70 + step * at), line, font=font, fill=(15, 15, 20))
    return picture_of(np.asarray(paper)[:, :, ::-1])


def sheet(picture: Picture, *, bilevel: bool = False) -> Sheet:
    return Sheet(number=1, picture=picture, dpi=200, bilevel=bilevel)


def skewed(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return picture_of(cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255)))


def scanned(picture: Picture) -> Picture:
    """A grey gradient, noise, and a poor JPEG."""
    shade = np.linspace(190, 250, picture.shape[1])[None, :, None] / 255
    noise = np.random.default_rng(7).normal(0, 12, picture.shape)
    grey = picture_of(np.clip(picture * shade + noise, 0, 255))
    file = BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=45)
    return picture_of(np.asarray(Image.open(file)))


def stamped(picture: Picture, at: tuple[int, int]) -> Picture:
    """A round red seal over the page, as translucent as its ink."""
    seal = Image.new("RGB", (picture.shape[1], picture.shape[0]), "white")
    draw, (x, y) = ImageDraw.Draw(seal), at
    red, font = (210, 30, 40), ImageFont.truetype(FONT, 30, index=SIMPLIFIED)
    draw.ellipse((x, y, x + 300, y + 300), outline=red, width=9)
    draw.text((x + 60, y + 60), "某某经纪公司", font=font, fill=red)
    draw.text((x + 75, y + 200), "业务专用章", font=font, fill=red)
    return picture_of(picture.astype(np.float32) * np.asarray(seal)[:, :, ::-1] / 255)


def faxed(picture: Picture) -> Picture:
    """One bit, coarse from top to bottom, with speckle."""
    grey = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), None, fx=1, fy=0.7, interpolation=cv2.INTER_AREA)
    line = cv2.resize(grey, (picture.shape[1], picture.shape[0]))
    ink = np.where(blurred(picture_of(line), 0.5) > 150, 255, 0)
    ink[np.random.default_rng(7).random(ink.shape) < 0.003] = 0
    return picture_of(ink)
