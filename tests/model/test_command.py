"""``normalize --model``: the rules first, then what counts of the model's."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from gateway.commands.normalize import run
from gateway.model.simulator import Manner, ModelSimulator
from tests.model.people import HALF_READ

LINE = {"id": "a", "channel": "wechat", "sender": {"kind": "openid", "value": "o1"}, "received_on": "2026-11-23"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: ModelSimulator) -> Path:
    monkeypatch.setenv("TOUSU_MODEL_URL", simulator.url)
    monkeypatch.setenv("TOUSU_MODEL_NAME", "m1")
    monkeypatch.setenv("TOUSU_MODEL_TIMEOUT", "0.2")
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({**LINE, "text": HALF_READ}), encoding="utf-8")
    return path


@pytest.mark.parametrize(("manner", "name"), [(Manner.GOOD, "贺小山"), (Manner.HANGS, None), (Manner.INVENTS, None)])
async def test_whoever_tries_the_model_sees_what_it_adds(
    file: Path, simulator: ModelSimulator, manner: Manner, name: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    simulator.manner = manner
    assert await asyncio.to_thread(run, ["--model", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["complainant_name"] == name


async def test_without_the_option_nothing_is_sent(file: Path, simulator: ModelSimulator) -> None:
    assert await asyncio.to_thread(run, [str(file)]) == 0
    assert not simulator.received


async def test_whoever_has_no_model_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOUSU_MODEL_URL")
    assert await asyncio.to_thread(run, ["--model", str(file)]) == 1
    assert "TOUSU_MODEL_URL" in capsys.readouterr().err
