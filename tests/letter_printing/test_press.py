"""The press runs in a process that may be killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from channels.errors import Misconfigured, Rejected, Retryable
from channels.letter.printing import fonts as finding
from channels.letter.printing.fonts import NoFonts, find_fonts
from channels.letter.printing.press import Press
from channels.letter.printing.render import Renderer
from channels.letter.printing.serve import open_handler
from channels.letter.printing.values import to_fields
from tests.letter_printing.letters import ASKING, DECISION, HEAD, RECEIPT


@pytest.fixture
async def press(fonts: None) -> AsyncIterator[Press]:
    press = Press(HEAD)
    yield press
    await press.aclose()


async def test_the_press_prints_what_is_printed_here(press: Press, renderer: Renderer) -> None:
    for letter in (RECEIPT, ASKING, DECISION):
        assert await press.print(letter) == renderer.render(letter)


async def test_after_a_press_was_killed_the_next_letter_finds_another(press: Press) -> None:
    await press.warm()
    [pid] = press.pids
    os.kill(pid, signal.SIGKILL)
    with suppress(Retryable):  # unless its end was seen before it was asked
        await press.print(RECEIPT)
    assert (await press.print(RECEIPT)).pages == 1
    assert pid not in press.pids


async def test_a_press_that_takes_too_long_is_tried_again_later(fonts: None) -> None:
    press = Press(HEAD, seconds=0.0001)
    with pytest.raises(Retryable, match="time"):
        await press.print(RECEIPT)
    await press.aclose()


async def test_a_letter_that_can_never_be_printed_is_rejected(press: Press) -> None:
    for letter, code in (
        (replace(RECEIPT, name="王😀"), "no_glyph"),
        (replace(RECEIPT, name="王\ud842"), "no_glyph"),
        (replace(RECEIPT, kind="decision"), "decision_parts"),
        (replace(RECEIPT, address=""), "empty"),
    ):
        with pytest.raises(Rejected) as refused:
            await press.print(letter)
        assert refused.value.code == code
        assert "王" not in str(refused.value)


async def test_a_letterhead_that_cannot_be_printed_is_ours_to_mend(fonts: None) -> None:
    press = Press(replace(HEAD, address="路" * 3_000))
    with pytest.raises(Misconfigured):
        await press.print(ASKING)
    await press.aclose()


def test_without_fonts_each_letter_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(finding.find_fonts, "__defaults__", ((tmp_path,),))
    handler = open_handler({"letterhead": asdict(HEAD)})
    [(told, content)] = handler({}, _written())
    assert "Noto Serif CJK SC" in told["no_fonts"]
    assert not content


async def test_missing_fonts_are_ours_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(HEAD)

    async def without(*_: object) -> tuple[dict[str, str], bytes]:
        return {"no_fonts": "not installed: Noto Serif CJK SC"}, b""

    monkeypatch.setattr(press._pool, "ask", without)
    with pytest.raises(Misconfigured, match="Noto"):
        await press.print(RECEIPT)
    await press.aclose()


def test_a_folder_without_fonts_has_none(tmp_path: Path) -> None:
    (tmp_path / "NotoSerifCJK-Regular.ttc").write_bytes(b"no font")
    with pytest.raises(NoFonts):
        find_fonts([tmp_path, tmp_path / "missing"])


def _written() -> bytes:
    return json.dumps(to_fields(RECEIPT)).encode()
