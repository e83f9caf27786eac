"""How much and how long: every bound of the letter channel in one place, so that tests can make them small."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes."""

    # one letter
    files: int = 40  # of which one letter may consist
    largest: int = 60 * MB  # all of them together; the reader looks at no more than 64 MB

    # the folder
    names: int = 10_000  # looked at in one pass; what lies beyond is seen when these have gone
    unwhole_periods: int = 60  # times the stable time, and at least …
    unwhole_time: float = 600.0  # … so long a file that looks unfinished is waited for, and then taken as it is
    lonely_time: float = 3600.0  # a sidecar whose files do not come is put aside
    stale_time: float = 3600.0  # a claim of another gateway that has not gone on for so long is taken up

    # troubles
    attempts: int = 5  # after so many failures a letter goes to a person as it is
    retry_first: float = 1.0
    retry_longest: float = 60.0

    # readings
    held: int = 200  # letters of a batch already read, waiting for their handover
    held_bytes: int = 200 * MB  # of page pictures in them
    closing_time: float = 10.0  # for the letter in hand when the gateway stops


def pause_after(tries: int, limits: Limits) -> float:
    """Seconds to wait after so many failures: doubling, up to the longest."""
    return min(limits.retry_longest, limits.retry_first * 2.0 ** min(max(tries, 1) - 1, 16))
