"""Effects by name, as good and as bad as the paper that mailrooms see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from channels.letter.simulator import scanner
from channels.letter.simulator.telephone import phone_photo

if TYPE_CHECKING:
    from channels.letter.simulator.scanner import Effect

COMPANY = "苏州青禾商贸有限公司"


def _presets() -> dict[str, tuple[Effect, ...]]:
    return {
        "clean": (),
        "mild": (scanner.skewed(0.5, 1.2), scanner.noise(6), scanner.jpeg(70)),
        "medium": (scanner.skewed(2, 3), scanner.grey_gradient(), scanner.noise(14), scanner.jpeg(45)),
        "low_contrast": (scanner.low_contrast(), scanner.noise(5), scanner.jpeg(70)),
        "stamped": (scanner.ruled, scanner.stamped(COMPANY), scanner.noise(5), scanner.jpeg(75)),
        "fax": (scanner.faxed(),),
        "coarse_fax": (scanner.faxed(scanner.FAX_COARSE),),
        "photo": (phone_photo(), scanner.noise(6), scanner.jpeg(80)),
        "filed": (scanner.punch_holes, scanner.skewed(0.3, 1.0), scanner.jpeg(75)),
        "turned_90": (scanner.turned(90), scanner.noise(4), scanner.jpeg(75)),
        "turned_180": (scanner.turned(180), scanner.noise(4), scanner.jpeg(75)),
        "turned_270": (scanner.turned(270), scanner.noise(4), scanner.jpeg(75)),
    }


PRESETS: Mapping[str, tuple[Effect, ...]] = _presets()


def effects_of(given: str | Sequence[Effect]) -> tuple[Effect, ...]:
    """Those of a preset, or the very effects. Raises ValueError for a name that there is not."""
    if not isinstance(given, str):
        return tuple(given)
    if given not in PRESETS:
        raise ValueError(f"no effects {given!r}; there are {', '.join(PRESETS)}")
    return PRESETS[given]
