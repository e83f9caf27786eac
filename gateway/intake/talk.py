"""Where the talk with one person stands: what we asked, how often, and what we are waiting for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from normalizer.record import nothing

MAX_FORGIVEN = 3  # how often a question is repeated because what came was not about it
ABOUT_THE_CALL = frozenset({"menu", "go_on", "confirm", "more"})  # questions of the line, answered by no field
MAX_ASKS = 2  # the same thing is asked twice at most; then a person takes over (complaint-rules 1.2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The dialogue's memory of one conversation; JSON in the database."""

    asked: str = ""  # what our last question asked for: a bare reply answers it
    listed: tuple[str, ...] = ()  # the items of our last numbered list, in its order
    asked_at: str = ""  # ISO time of the message after which it was put
    asks: Mapping[str, int] = field(default_factory=nothing)  # how often each thing was asked
    forgiven: int = 0  # how often the present question was repeated without counting
    dropped: tuple[str, ...] = ()  # not asked again: declined, or asked often enough
    purpose: str = ""  # why we asked for a number or a proof: progress, withdraw, supplement
    number: str = ""  # the number under proof, or to be withdrawn
    began_at: str = ""  # ISO time of the first message since the last case was settled: starts the clock
    loose: bool = False  # messages came before a case existed; it adopts them
    left: bool = False  # what is missing was left to staff, and they were told
    handed: bool = False  # a person has taken over: the bot listens, and asks no more
    paged: bool = False  # somebody's safety was at stake: no form any more
    before: str = ""  # what was said before a case began, for the record of that case
    puzzled: int = 0  # how often in a row we did not understand
    last: str = ""  # fingerprint of the last words: who sends the same twice has not ignored our question
    reminders: int = 0
    doubts: Mapping[str, str] = field(default_factory=nothing)  # field: mark of the value that we asked about just now
    doubted: tuple[str, ...] = ()  # marks of all pairs of values that we asked about in this complaint
    doubted_at: str = ""  # ISO time of the message after which we asked
    moved_at: str = ""  # ISO time of the last menu click or follow
    failures: int = 0  # on the line: how often in a row we did not hear an answer to the present question
    unrecorded: bool = False  # on the line: the caller does not want to be recorded
    read_backs: int = 0  # on the line: how often we read back what was understood
    mumbled: str = ""  # on the line: what the recogniser was not sure of; for whoever calls back
    gone: bool = False  # on the line: the call is over, as far as we were told
    rings: int = 0  # on the line: how often people of ours were rung
    unclear: bool = False  # on the line: the read-back got an answer that is neither yes nor no
    offered: bool = False  # on the line: a person was called for the caller before anything was asked
    tries: int = 0  # on the line: numbers and proofs that did not fit
    proven: str = ""  # the number whose owner has proven to be on the line
    language: str = "zh-Hans"

    def asking(self, name: str) -> Talk:
        """After this question was put."""
        asks = MappingProxyType({**self.asks, name: self.asks.get(name, 0) + 1})
        return replace(self, asked=name, asks=asks, forgiven=self.forgiven if name == self.asked else 0)

    def afresh(self) -> Talk:
        """Another complaint of the same person begins: nothing was asked about it yet."""
        kept = ("language", "last", "before", "loose", "moved_at")
        return Talk(**{name: getattr(self, name) for name in kept})

    def without(self, *names: str) -> Talk:
        """These questions are over, whatever came of them; the counts of the others stand."""
        asks = MappingProxyType({name: count for name, count in self.asks.items() if name not in names})
        return replace(self, asked="" if self.asked in names else self.asked, asks=asks)

    def forgiving(self) -> Talk:
        """The last question does not count: what came was no attempt to answer it. Not for ever, though."""
        if not self.asked or self.forgiven >= MAX_FORGIVEN:
            return self
        asks = MappingProxyType({**self.asks, self.asked: max(self.asks.get(self.asked, 0) - 1, 0)})
        return replace(self, asks=asks, forgiven=self.forgiven + 1)

    def dropping(self, name: str) -> Talk:
        return self if name in self.dropped else replace(self, dropped=(*self.dropped, name))

    def worn_out(self, name: str) -> bool:
        return self.asks.get(name, 0) >= MAX_ASKS

    def to_state(self) -> dict[str, Any]:
        """Only what differs from a fresh talk, to keep the row small."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in _values(self).items()
            if value != _FRESH[name]
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Talk:
        known = {item.name for item in fields(cls)}
        values = {name: value for name, value in state.items() if name in known}
        return cls(**{**values, **{name: tuple(values.get(name, ())) for name in ("dropped", "listed", "doubted")}})


def fingerprint(text: str) -> str:
    """A short mark of some words, from which they cannot be read."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _values(talk: Talk) -> dict[str, Any]:
    return {item.name: getattr(talk, item.name) for item in fields(talk)}


_FRESH = _values(Talk())
