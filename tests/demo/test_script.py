"""The scenario in the terminal: it comes true, and it can fail."""

from __future__ import annotations

from tests.demo.running import run_script

NOBODY_IS_TOLD = """
import sys
from gateway.casework import move
from gateway.operations.demo.script import stories, watch

move.TOLD = frozenset()
watch.PATIENCE = 1.5
stories.STORIES = stories.STORIES[:2]

from gateway.commands import demo

sys.exit(demo.run(["--script"]))
"""


def test_the_whole_scenario_comes_true() -> None:
    played = run_script()
    assert played.returncode == 0, played.stdout + played.stderr
    assert "✗" not in played.stdout
    assert played.stdout.count("✓") > 15
    assert "TS" in played.stdout


def test_a_promise_that_is_broken_fails_the_script() -> None:
    played = run_script(NOBODY_IS_TOLD)
    assert played.returncode == 1, played.stdout + played.stderr
    assert "✗ not within" in played.stdout
    assert "news of the investigation" in played.stdout
    assert "✓ 受理" in played.stdout or "accepted, with a number" in played.stdout
