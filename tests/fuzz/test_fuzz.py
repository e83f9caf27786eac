"""The short form: what once did harm, what is ordinary, and a moment of mutations on every parser."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from random import Random

import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings

from channels.wechat.markup import one
from tests.fuzz.minimising import smallest
from tests.fuzz.mutating import Mutator
from tests.fuzz.target import CORPUS, Bounds
from tests.fuzz.targets import TARGETS
from tests.fuzz.watching import Finding, Watch

SLOW = frozenset(
    {"paper-file", "mail", "overlay-plans", "overlay-rules", "paper-names"}
)  # some milliseconds for each input
LARGEST = 8 * 1024  # of a mutated input: the long form goes further


@pytest.fixture(autouse=True)
def quiet(logs_as_in_service: None) -> Iterator[None]:
    """The parsers say what they refuse, thousands of times."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_a_stranger_sends_the_parser_keeps_its_promise(name: str) -> None:
    target, watch, random = TARGETS[name], Watch(TARGETS[name].bounds), Random(name)
    mutator = Mutator(random, target.words, LARGEST)
    with target.open() as run:
        known = [*target.corpus(), *target.seeds()]
        few = 5 if name in SLOW else 60
        for data in [*known, *(mutator.mutated(random.choice(known), known) for _ in range(few))]:
            assert (watch.run(run, data), data) == (None, data)

        @settings(
            max_examples=few // 2,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(target.shapes)
        def of_its_grammar(data: bytes) -> None:
            assert (watch.run(run, data), data) == (None, data)

        of_its_grammar()
    assert watch.seen, "nothing of ours was reached"


def test_every_kept_input_belongs_to_a_parser() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} <= TARGETS.keys()


def test_an_input_that_stands_still_is_told_from_work() -> None:
    def stands(_: bytes) -> None:
        while True:
            pass

    found = Watch(Bounds(seconds=0.05)).run(stands, b"x")
    assert found is not None
    assert found.kind == "Hang"


def test_an_input_that_costs_more_than_its_size_allows_is_a_finding() -> None:
    def much(_: bytes) -> None:
        for _each in range(2_000):
            one({}, "Content")

    found = Watch(Bounds(steps=50, steps_a_byte=1)).run(much, b"abc")
    assert isinstance(found, Finding)
    assert found.kind.startswith("TooManySteps")


def test_what_is_kept_of_a_crash_is_the_piece_that_matters() -> None:
    assert smallest(b"a" * 900 + b"<bad>" + b"b" * 900, lambda data: b"<bad>" in data) == b"<bad>"


def test_the_same_seed_takes_the_same_way() -> None:
    first, again = (
        [Mutator(Random(7), [b"word"], 500).mutated(b"some bytes", [b"other"]) for _ in range(20)] for _ in range(2)
    )
    assert first == again
