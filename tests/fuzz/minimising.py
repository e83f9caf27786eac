"""The smallest input that still breaks the same promise, as far as a few thousand tries find it."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_TRIES, MOST_SECONDS = 1_500, 60.0


def smallest(data: bytes, breaks: Callable[[bytes], bool]) -> bytes:
    """Ever smaller pieces are left out (delta debugging, Zeller and Hildebrandt 2002)."""
    size, left, until = len(data) // 2, MOST_TRIES, time.monotonic() + MOST_SECONDS
    while size:
        place = 0
        while place < len(data) and left and time.monotonic() < until:
            without, left = data[:place] + data[place + size :], left - 1
            if breaks(without):
                data = without
            else:
                place += size
        size //= 2
    return data
