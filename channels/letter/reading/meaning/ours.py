"""Which bar codes are ours, exactly: all others are kept as they are and mean nothing to us.

An express label, an invoice and a poster all carry codes; taken for ours they would part letters and open cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SEPARATOR = "TOUSU:SEPARATOR"
_SLIP = re.compile(r"TOUSU:SLIP:TS[0-9]{12}:[A-Z2-9]{8}")


def is_separator(text: str) -> bool:
    """Our sheet between two letters."""
    return text == SEPARATOR


def is_slip(text: str) -> bool:
    """Our return slip, by its form alone; whether its check is right is known where the key is."""
    return _SLIP.fullmatch(text) is not None


def is_ours(text: str) -> bool:
    return is_separator(text) or is_slip(text)


def slip_of(codes: Iterable[str]) -> str:
    """The payload of the return slip among them, or the empty string."""
    return next((code for code in codes if is_slip(code)), "")
