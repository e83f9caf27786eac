"""The code on a return slip."""

from __future__ import annotations

import zxingcpp


def slip_code(payload: str) -> str:
    """A QR code as SVG, no quiet zone; a quarter of it may be damaged (error correction Q). Raises ValueError."""
    made = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    drawn: str = made.to_svg(add_quiet_zones=False)
    return drawn
