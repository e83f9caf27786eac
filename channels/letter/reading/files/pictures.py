"""TIFF, JPEG, PNG and HEIC: one picture a page, brought to about 200 dpi and upright as its camera held it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps

from channels.letter.reading.files.causes import BOMB, CUT_SHORT, TOO_MANY_PAGES, Unopened
from channels.letter.reading.files.endings import ends_whole
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.files.guarding import guarded
from channels.letter.reading.files.resolution import resolution, scaling
from channels.letter.reading.files.tiff_frames import frames
from channels.letter.reading.files.tones import from_pillow, resized
from channels.letter.reading.values import Sheet

_DECODERS = {"tiff": ["TIFF"], "jpeg": ["JPEG"], "png": ["PNG"], "heic": ["HEIF"]}
_ORIENTATION = 0x0112
_LYING = frozenset({5, 6, 7, 8})  # turned by a quarter: width and height change places
_REDUCIBLE = frozenset({"L", "RGB", "CMYK", "RGBA", "LA"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Pictures:
    """A file of one picture, or a TIFF of many. ``places`` are the frames that are pages; -1: it is not all there."""

    content: bytes
    form: str
    limits: FileLimits
    places: tuple[int, ...] = (0,)
    complete: bool = True

    def __len__(self) -> int:
        return len(self.places)

    def sheet(self, number: int) -> Sheet:
        """Page ``number`` (from 1). Raises Unopened: too many pixels, or not to be decoded."""
        place = self.places[number - 1]
        if place < 0:
            raise Unopened(CUT_SHORT)  # what is left of it would be painted black
        with guarded():
            image = _opened(self.content, self.form)
            image.seek(place)
            _check_size(image, self.limits)
            return _sheet(number, image, self.limits)

    def close(self) -> None:
        """Nothing stays open between two pages."""


def open_pictures(content: bytes, form: str, limits: FileLimits) -> Pictures:
    """The pages of a picture file, none of them decoded yet. Raises Unopened."""
    if form == "tiff":
        return _open_tiff(content, limits)
    if not ends_whole(form, content):
        raise Unopened(CUT_SHORT)
    with guarded():
        _check_size(_opened(content, form), limits)
    return Pictures(content=content, form=form, limits=limits)


def _open_tiff(content: bytes, limits: FileLimits) -> Pictures:
    found = frames(content, limits.pages)
    if len(found.pages) > limits.pages:
        raise Unopened(TOO_MANY_PAGES)
    places = tuple(frame.place if frame.strips else -1 for frame in found.pages)
    return Pictures(content=content, form="tiff", limits=limits, places=places, complete=found.whole)


def _opened(content: bytes, form: str) -> Image.Image:
    if form == "heic":
        pillow_heif.register_heif_opener()
    return Image.open(io.BytesIO(content), formats=_DECODERS[form])


def _check_size(image: Image.Image, limits: FileLimits) -> None:
    width, height = image.size
    if width * height > limits.pixels:
        raise Unopened(BOMB)


def _sheet(number: int, image: Image.Image, limits: FileLimits) -> Sheet:
    bilevel = image.mode == "1"
    scale = scaling(resolution(image), limits.dpi)
    wanted = (image.width * scale.across, image.height * scale.down)
    if image.getexif().get(_ORIENTATION) in _LYING:
        wanted = wanted[::-1]
    picture = resized(from_pillow(_decoded(image, max(scale.across, scale.down), limits)), *wanted)
    return Sheet(number=number, picture=picture, dpi=scale.dpi, bilevel=bilevel)


def _decoded(image: Image.Image, factor: float, limits: FileLimits) -> Image.Image:
    """Decoded and turned; already small when that is cheap, so that a large photograph takes little memory."""
    least = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    if image.format in ("JPEG", "MPO"):
        image.draft(None, least)
    image.load()
    _check_size(image, limits)  # HEIC may tell another size once it is decoded
    upright = ImageOps.exif_transpose(image)
    times = min(max(upright.size) // max(least), min(upright.size) // min(least)) if image.mode in _REDUCIBLE else 1
    return upright.reduce(times) if times > 1 else upright
