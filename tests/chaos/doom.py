"""Ends the process at a commit boundary where no earlier life has ended, by SIGKILL.

A boundary is a place in the code: before a commit of a unit, after it, and before the reply of a web handler, which is
the time between commit and reply; and the how many-th passing of it in this life. Those that were died at stand in a
book, so one life after the other dies at each of them, until one lives.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest

from store.unit import Unit

BOOK = "CHAOS_BOOK"  # path
PLACES = "CHAOS_PLACES"  # by commas: only boundaries whose place begins so; empty: all
MOST_TIMES = 4  # of one place in one life: a caller passes the same one with each step
ONCE = ("gateway.turns", "gateway.background", "gateway.memory:_forget_values", "tests.")  # what only time repeats


def died_at(book: str) -> list[str]:
    """The boundaries in a book, in their order."""
    path = Path(book)
    return path.read_text().splitlines() if path.exists() else []


class Doom:
    """The fate of one process."""

    def __init__(self, book: str, places: str = "") -> None:
        self._book = book
        self._places = tuple(places.split(","))
        self._died_at = frozenset(died_at(book))
        self._passed: Counter[str] = Counter()

    def watch(self) -> None:
        commit, prepare, doom = Unit.commit, web.StreamResponse.prepare, self

        async def doomed_commit(self: Unit) -> None:
            place = _place(sys._getframe(1))
            doom.passes(f"before {place}")
            await commit(self)
            doom.passes(f"after {place}")

        async def doomed_prepare(self: web.StreamResponse, request: BaseRequest) -> AbstractStreamWriter | None:
            if request.path != "/healthz":
                doom.passes(f"reply {request.method} {_route(request)}")
            return await prepare(self, request)

        Unit.commit = doomed_commit  # type: ignore[method-assign]
        web.StreamResponse.prepare = doomed_prepare  # type: ignore[method-assign]

    def passes(self, place: str) -> None:
        """The end, unless somebody died here before."""
        self._passed[place] += 1
        times = self._passed[place]
        boundary = f"{place} #{times}"
        most = 1 if place.partition(" ")[2].startswith(ONCE) else MOST_TIMES
        if times > most or boundary in self._died_at or not place.partition(" ")[2].startswith(self._places):
            return
        with open(self._book, "a", encoding="utf-8") as book:
            book.write(f"{boundary}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def _place(frame: FrameType | None) -> str:
    """Who commits: module and function."""
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    if frame is None:
        return "nobody"
    return f"{frame.f_globals.get('__name__')}:{frame.f_code.co_name}"


def _route(request: BaseRequest) -> str:
    """The address as it was declared, without anybody's number."""
    match = getattr(request, "match_info", None)
    route = match.route.resource if match is not None else None
    return route.canonical if route is not None else request.path
