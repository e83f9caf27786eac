"""Bar codes on a page, ours and others'; see ``ours`` for which is which."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import zxingcpp

from channels.letter.reading.pixels import blurred, grey, picture_of, scaled
from channels.letter.reading.values import Mark, Picture

_OURS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_QUICK = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])
_KNOWN = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.EAN13,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.PDF417,
    ]
)
LONGEST = 500  # characters kept of a foreign code
MOST = 20  # codes kept of a page


def glance(picture: Picture) -> tuple[Mark, ...]:
    """The QR codes that are read at once, some milliseconds a page."""
    return _decode(picture, _OURS)


def find_codes(picture: Picture) -> tuple[Mark, ...]:
    """The codes of a page as it is: the usual ones, else those for information."""
    return _decode(picture, _QUICK) or _decode(picture, _KNOWN)


def search_codes(picture: Picture) -> tuple[Mark, ...]:
    """For a page whose words say that a code of ours is on it: look again, blurred and at other sizes."""
    found = (_decode(variant, _OURS) for variant in _variants(picture))
    return next((codes for codes in found if codes), ())


def _decode(picture: Picture, formats: zxingcpp.BarcodeFormats) -> tuple[Mark, ...]:
    found = zxingcpp.read_barcodes(picture, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return tuple(_mark(code) for code in found[:MOST] if code.text)


def _mark(code: zxingcpp.Barcode) -> Mark:
    corners = (code.position.top_left, code.position.top_right, code.position.bottom_left, code.position.bottom_right)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    box = (min(across), min(down), max(across), max(down))
    return Mark(text=code.text[:LONGEST], form=code.format.name, box=box)


def _variants(picture: Picture) -> Iterator[Picture]:
    """Softer, so that the speckles of a fax run together with what they stand on; larger; smaller."""
    plain = grey(picture)
    yield blurred(plain, 1.2)
    yield scaled(plain, 2, 2)
    yield picture_of(cv2.resize(plain, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    yield blurred(plain, 2.4)
