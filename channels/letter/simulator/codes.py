"""The QR codes of our own sheets: drawn for a mailroom's separators, read from what we print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SEPARATOR = "TOUSU:SEPARATOR"
SLIP = "TOUSU:SLIP:"  # <number>:<check>
DOTS = 8  # pixels a module, enough for any printing


def qr(text: str) -> Image:
    """The code as a picture with its quiet zone, error correction Q: it survives a fax at 25 mm."""
    import numpy as np
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return Image.fromarray(np.array(code.to_image(scale=DOTS, add_quiet_zones=True)))


def read_qr(picture: Image) -> tuple[str, ...]:
    """What every QR code on a picture says."""
    import zxingcpp

    forms = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return tuple(code.text for code in zxingcpp.read_barcodes(picture.convert("L"), formats=forms))
