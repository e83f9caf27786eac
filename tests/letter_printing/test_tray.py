"""The mailroom's tray: a letter lies there whole and once, whatever happens while it is laid down."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.errors import Misconfigured, Rejected, Retryable
from channels.letter.printing.tray import Tray
from channels.letter.printing.values import PrintedLetter
from tests.letter_printing.letters import ASKING, RECEIPT

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PRINTED = PrintedLetter(pdf=b"%PDF-1.7 first", pages=2)
AGAIN = PrintedLetter(pdf=b"%PDF-1.7 second", pages=3)


async def test_a_letter_lies_there_with_a_note_that_names_nobody(tmp_path: Path) -> None:
    await Tray(tmp_path).lay(replace(ASKING, large=True), PRINTED, NOW)
    assert (tmp_path / "4f2a.pdf").read_bytes() == PRINTED.pdf
    note = json.loads((tmp_path / "4f2a.json").read_text())
    assert note.pop("sha256") == hashlib.sha256(PRINTED.pdf).hexdigest()
    assert note == {
        "id": "4f2a",
        "number": "TS26112300015X",
        "kind": "answer",
        "pages": 2,
        "created_at": "2026-11-23T02:00:00+00:00",
        "slip": True,
        "large": True,
    }


async def test_the_second_print_of_a_letter_is_the_first(tmp_path: Path) -> None:
    tray = Tray(tmp_path)
    assert await tray.find("4f2a") is None
    assert await tray.lay(RECEIPT, PRINTED, NOW) == PRINTED
    assert await tray.lay(RECEIPT, AGAIN, NOW) == PRINTED
    assert await tray.find("4f2a") == PRINTED
    assert _names(tmp_path) == ["4f2a.json", "4f2a.pdf"]


async def test_a_letter_without_its_note_was_not_laid_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tray = Tray(tmp_path)
    real = os.replace
    monkeypatch.setattr(os, "replace", _failing_for(".json", real))
    with pytest.raises(Retryable):
        await tray.lay(RECEIPT, PRINTED, NOW)
    assert _names(tmp_path) == ["4f2a.pdf"]
    assert await tray.find("4f2a") is None
    monkeypatch.setattr(os, "replace", real)
    assert await tray.lay(RECEIPT, AGAIN, NOW) == AGAIN
    assert await tray.find("4f2a") == AGAIN


async def test_a_damaged_letter_is_laid_down_anew(tmp_path: Path) -> None:
    tray = Tray(tmp_path)
    await tray.lay(RECEIPT, PRINTED, NOW)
    (tmp_path / "4f2a.pdf").write_bytes(b"%PDF")
    assert await tray.find("4f2a") is None
    assert await tray.lay(RECEIPT, PRINTED, NOW) == PRINTED
    assert await tray.find("4f2a") == PRINTED


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"pages": "two"}', "\x00"])
async def test_a_damaged_note_is_none(tmp_path: Path, note: str) -> None:
    (tmp_path / "4f2a.json").write_text(note)
    assert await Tray(tmp_path).find("4f2a") is None


async def test_a_letter_that_was_taken_is_not_laid_down_again(tmp_path: Path) -> None:
    tray = Tray(tmp_path)
    await tray.lay(RECEIPT, PRINTED, NOW)
    (tmp_path / "4f2a.pdf").unlink()
    assert await tray.lay(RECEIPT, PRINTED, NOW) == PRINTED
    assert _names(tmp_path) == ["4f2a.json"]


async def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Retryable):
        await Tray(tmp_path).lay(RECEIPT, PRINTED, NOW)
    assert _names(tmp_path) == []


async def test_what_a_killed_writer_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".4f2a.pdf.x1.part").write_bytes(b"%PDF half a letter")
    (tmp_path / ".other.pdf.x1.part").write_bytes(b"%PDF somebody else's")
    await Tray(tmp_path).lay(RECEIPT, PRINTED, NOW)
    assert _names(tmp_path) == [".other.pdf.x1.part", "4f2a.json", "4f2a.pdf"]


async def test_a_missing_folder_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(Retryable):
        await Tray(tmp_path / "unmounted").lay(RECEIPT, PRINTED, NOW)


async def test_a_file_in_place_of_the_folder_is_ours_to_mend(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(Misconfigured):
        await Tray(tmp_path / "out").lay(RECEIPT, PRINTED, NOW)


@pytest.mark.parametrize("id", ["", "../up", "a/b", ".hidden", "a\x00b", "长", "a" * 101])
async def test_an_id_that_leads_elsewhere_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(Rejected):
        await Tray(tmp_path).lay(replace(RECEIPT, id=id), PRINTED, NOW)
    assert _names(tmp_path) == []


async def test_other_people_of_the_machine_cannot_read_letters(tmp_path: Path) -> None:
    await Tray(tmp_path).lay(RECEIPT, PRINTED, NOW)
    assert (tmp_path / "4f2a.pdf").stat().st_mode & 0o007 == 0


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _failing_for(ending: str, real: Any) -> Any:
    def replacing(source: str, target: Path) -> None:
        if str(target).endswith(ending):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)

    return replacing
