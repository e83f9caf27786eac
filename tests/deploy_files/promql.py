"""PromQL, as much of it as our rules are written in: parsed, or refused.

https://prometheus.io/docs/prometheus/latest/querying/basics/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

AGGREGATIONS = frozenset({"sum", "min", "max", "avg", "count", "topk"})
FUNCTIONS = frozenset(
    {"rate", "increase", "predict_linear", "min_over_time", "max_over_time", "time", "vector", "absent", "clamp_min"}
)
RANGED = frozenset({"rate", "increase", "predict_linear", "min_over_time", "max_over_time"})
OPERATORS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "and", "or", "unless"})
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<span>\d+(?:ms|[smhdwy])\b)|(?P<number>\d+(?:\.\d+)?(?:e\d+)?)"""
    r"""|(?P<name>[A-Za-z_:][\w:]*)|(?P<sign>=~|!~|==|!=|<=|>=|[-+*/%<>=(){}\[\],]))"""
)


class NoQuery(ValueError):
    """This does not parse."""


@dataclass(slots=True)
class Query:
    """What it asks for: labels by metric, with those that it groups or joins by under an empty name."""

    labels: dict[str, set[str]] = field(default_factory=dict)


def parse(text: str) -> Query:
    """Raises NoQuery."""
    parser = _Parser(_tokens(text))
    parser.expression()
    if parser.left:
        raise NoQuery(f"what is {parser.left[0]!r} for?")
    return parser.query


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise NoQuery(f"at {text[place : place + 20]!r}")
        found.append(match[0].strip())
        place = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens
        self.query = Query()

    def expression(self) -> None:
        self.operand()
        while self.left and self.left[0] in OPERATORS:
            self.take()
            if self.next() in ("on", "ignoring"):
                self.take()
                self.names()
            self.operand()

    def operand(self) -> None:
        token = self.take()
        if token == "-":
            self.operand()
        elif token == "(":
            self.expression()
            self.expect(")")
        elif token in AGGREGATIONS:
            self.aggregation()
        elif token in FUNCTIONS:
            self.call(token)
        elif re.match(r"[A-Za-z_:]", token):
            self.selector(token)
        elif not re.fullmatch(r"\d[\d.e]*", token):
            raise NoQuery(f"{token!r} is no operand")

    def aggregation(self) -> None:
        if self.next() in ("by", "without"):
            self.take()
            self.names()
        self.expect("(")
        self.expression()
        self.expect(")")

    def call(self, name: str) -> None:
        self.expect("(")
        if name in RANGED:
            self.selector(self.take())
            self.expect("[")
            if not re.fullmatch(r"\d+(ms|[smhdwy])", self.take()):
                raise NoQuery(f"{name} wants a length of time")
            self.expect("]")
        elif self.next() != ")":
            self.expression()
        while self.next() == ",":
            self.take()
            self.expression()
        self.expect(")")

    def selector(self, name: str) -> None:
        labels = self.query.labels.setdefault(name, set())
        if self.next() != "{":
            return
        self.take()
        while self.next() != "}":
            labels.add(self.take())
            if self.take() not in ("=", "!=", "=~", "!~") or not self.take().startswith('"'):
                raise NoQuery(f"{name}: a label is compared with a text")
            if self.next() == ",":
                self.take()
        self.take()

    def names(self) -> None:
        self.expect("(")
        while (token := self.take()) != ")":
            if token != ",":
                self.query.labels.setdefault("", set()).add(token)

    def next(self) -> str:
        return self.left[0] if self.left else ""

    def take(self) -> str:
        if not self.left:
            raise NoQuery("it ends in the middle")
        return self.left.pop(0)

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise NoQuery(f"{token!r} is missing")
