"""Whatever people tell us, and wherever: it comes out nowhere but where it belongs."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.privacy.canaries import Canary, traces
from tests.privacy.house import TOKEN, Outputs
from tests.privacy.play import EVERYBODY, PASSWORD, WRONG_PROOF, play

# Staff read what happened, in its own words; what identifies somebody is masked in them. The name at the top of a
# complaint is shown by its first character.
WORDS_OF_THE_MATTER = frozenset({"words", "file name"})
OF_STAFF = frozenset({"console of a role without the right", "API without a reason"})


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Outputs:
    """The play is played once, in a loop of its own; the tests look at what came of it."""
    folder: Path = tmp_path_factory.mktemp("privacy")
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, play(folder, sqlite_template)).result()


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.email.split("@")[0])
def test_nothing_of_a_person_comes_out_anywhere(outputs: Outputs, who: Canary) -> None:
    found = [
        f"{what} in {where}"
        for where, output in outputs.found.items()
        for what, secret in who.secrets.items()
        if traces(secret, output) and not (where in OF_STAFF and what in WORDS_OF_THE_MATTER)
    ]
    assert found == []


def test_no_secret_of_ours_comes_out_anywhere(outputs: Outputs) -> None:
    ours = {"service token": TOKEN, "password": PASSWORD}
    found = [f"{what} in {where}" for where, out in outputs.found.items() for what, x in ours.items() if traces(x, out)]
    assert found == []


def test_no_proof_is_logged_or_counted(outputs: Outputs) -> None:
    shown = ("logs", "/metrics", "/readyz", "addresses called", "app's answer")
    assert not [where for where in shown if WRONG_PROOF.encode() in outputs.found[where]]


def test_the_play_reached_every_output(outputs: Outputs) -> None:
    """A test that searches nothing finds nothing."""
    logs = outputs.found["logs"].decode()
    for event in (
        "item_quarantined",
        "request_failed",
        "api_failed",
        "phone_webhook_crashed",
        "Task exception was never",
    ):
        assert event in logs
    assert b"tousu_ledger_items" in outputs.found["/metrics"]
    assert len(outputs.found["disk"]) > 100_000
    assert (
        b"***" in outputs.found["console of a role without the right"] or b"*" in outputs.found["API without a reason"]
    )
