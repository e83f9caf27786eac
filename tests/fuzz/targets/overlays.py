"""Files that an insurer's own people write: rules, days, plans, periods, the reach of a hotline."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path

from hypothesis import strategies as st

from channels.phone.reach import load
from gateway.casework.clocks.calendar import BrokenCalendar, read_calendar
from gateway.casework.emergency.plans import BrokenPlans, read_plans
from gateway.casework.retention.periods import BrokenPeriods, read_periods
from normalizer.editions import UnreadableEdition, read_edition
from tests.fuzz.target import Bounds, Run, Target

MOST_TOLD = 2_000  # characters


@contextmanager
def _read_by(read: Callable[[Path], object], name: str, *named: type[ValueError]) -> Iterator[Run]:
    """The file is good, or the words of one error say what is wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name

        def run(data: bytes) -> None:
            path.write_bytes(data)
            try:
                read(path)
            except named as error:
                assert len(str(error)) <= MOST_TOLD, "words without end"  # noqa: PT017

        yield run


def _shipped(package: str, name: str) -> list[bytes]:
    return [(files(package) / name).read_bytes()]


keys = st.sampled_from(
    ["off", "work", "complete", "plan", "kind", "recipients", "version", "effective_from", "years", "way", "x"]
)
scalars = st.sampled_from(
    [
        "1",
        "-1",
        "1e999",
        "nan",
        '"x"',
        "2027-02-05",
        "2027-02-05T00:00:00Z",
        "[]",
        "{}",
        "true",
        "[1, [2]]",
        "0001-01-01",
    ]
)
lines = st.builds("{} = {}".format, keys, scalars) | st.builds("[{}]".format, keys) | st.builds("[[{}]]".format, keys)
written = st.lists(lines, max_size=8).map(lambda told: "\n".join(told).encode())
WORDS = [
    b"[" * 600,
    b"[[",
    b"]]",
    b"= ",
    b'"""',
    b"{a = " * 400,
    b"\xef\xbb\xbf",
    b"1e999",
    b"9" * 5000,
    b"nan",
    b"a." * 600,
    b"\n",
]


def _target(
    name: str, read: Callable[[Path], object], file: str, seeds: Callable[[], list[bytes]], *named: type[ValueError]
) -> Target:
    return Target(
        name=name,
        open=partial(_read_by, read, file, *named),
        seeds=seeds,
        shapes=written,
        words=WORDS,
        bounds=Bounds(largest=16 * 1024, steps=200_000),
    )


CALENDAR = [b"off = [2027-02-05]\nwork = [2027-02-06]\ncomplete = [2027]\n"]

TARGETS = (
    _target(
        "overlay-rules",
        read_edition,
        "urgency.toml",
        lambda: _shipped("normalizer.rules", "urgency.toml"),
        UnreadableEdition,
    ),
    _target("overlay-calendar", read_calendar, "calendar.toml", lambda: CALENDAR, BrokenCalendar),
    _target(
        "overlay-plans",
        read_plans,
        "plans.toml",
        lambda: _shipped("gateway.casework.emergency", "plans.toml"),
        BrokenPlans,
    ),
    _target(
        "overlay-periods",
        read_periods,
        "periods.toml",
        lambda: _shipped("gateway.casework.retention", "periods.toml"),
        BrokenPeriods,
    ),
    _target("overlay-reach", load, "reach.toml", lambda: _shipped("channels.phone", "reach.toml"), ValueError),
)
