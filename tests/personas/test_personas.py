"""Every persona, given and our own, plays against the whole gateway and is served."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.personas.driver import perform
from tests.personas.player import Script, scripts

SCRIPTS = list(scripts())


def _name(script: Script) -> str:
    return f"{script['id']}: {script['what'][:60]}"


@pytest.mark.parametrize("script", SCRIPTS, ids=_name)
async def test_a_person_is_served(script: Script, tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "tousu.db")
    run, verdict = await perform(str(script["id"]), tmp_path)
    assert verdict.passed, "\n".join(["", *run.lines(), str(verdict)])


def test_no_two_personas_have_the_same_id() -> None:
    assert len({script["id"] for script in SCRIPTS}) == len(SCRIPTS)
