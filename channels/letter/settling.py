"""Which pieces have come to rest: unchanged for a while, and whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.letter.limits import Limits, pause_after
from channels.letter.pieces import Member, Piece
from channels.letter.whole import is_whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How a piece was last seen, since when it has been so, and what came in the way of it."""

    members: tuple[Member, ...]
    since: datetime
    tries: int = 0
    not_before: datetime


class Settling:
    """Remembers from look to look. Times are the clock's, never the file system's, which may lie on another machine."""

    def __init__(self, stable: float, limits: Limits) -> None:
        self._stable = stable
        self._limits = limits
        self._looks: dict[tuple[str, ...], Look] = {}

    def due(self, pieces: Iterable[Piece], now: datetime) -> list[Piece]:
        """Those that can be taken now; what is no longer there is forgotten. Reads files."""
        there = list(pieces)
        self._looks = {piece.names: self._look(piece, now) for piece in there}
        return [piece for piece in there if self._is_due(piece, now)]

    def patience(self, now: datetime) -> float | None:
        """Seconds until the next piece will have rested long enough; None: time alone brings about nothing."""
        rests = (look.since + timedelta(seconds=self._stable) - now for look in self._looks.values())
        return min((rest.total_seconds() for rest in rests if rest > timedelta()), default=None)

    def put_off(self, piece: Piece, now: datetime) -> None:
        """It could not be read or moved: somebody has it in hand."""
        look = self._looks[piece.names]
        wait = timedelta(seconds=pause_after(look.tries + 1, self._limits))
        self._looks[piece.names] = replace(look, tries=look.tries + 1, not_before=now + wait)

    def _look(self, piece: Piece, now: datetime) -> Look:
        before = self._looks.get(piece.names)
        if before is not None and before.members == piece.members:
            return before
        return Look(members=piece.members, since=now, not_before=now)

    def _is_due(self, piece: Piece, now: datetime) -> bool:
        look = self._looks[piece.names]
        rested = (now - look.since).total_seconds()
        if rested < self._stable or now < look.not_before:
            return False
        if piece.incomplete:
            return rested >= self._limits.lonely_time
        if piece.refused or rested >= self._longest():
            return True
        return not piece.unfinished and self._is_whole(piece, now)

    def _longest(self) -> float:
        return max(self._limits.unwhole_periods * self._stable, self._limits.unwhole_time)

    def _is_whole(self, piece: Piece, now: datetime) -> bool:
        try:
            return all(is_whole(member.path) for member in piece.members)
        except OSError:
            self.put_off(piece, now)
            return False
