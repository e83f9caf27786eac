"""What the folder holds and nobody may open: it is put aside, and a person is told of each piece."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from channels.letter.items import MOST_LISTED, stand_in
from channels.letter.limits import Limits
from normalizer.record import Submission
from tests.letter.conftest import Room
from tests.letter.mailroom import COMPLAINT, scan

TODAY = "processed/2026-11-23"


def told(room: Room) -> list[Submission]:
    return [each for each in room.desk.submitted if each.unreadable]


async def test_two_scans_of_one_name_that_cannot_be_kept_are_two_things_to_look_at(room: Room) -> None:
    for _ in range(2):
        room.scan("scan.pdf", b"")
        await room.works(turns=50)
    assert len({each.key for each in told(room)}) == 2
    assert room.there("quarantine") == ["scan (2).pdf", "scan (2).pdf.why.txt", "scan.pdf", "scan.pdf.why.txt"]


async def test_a_scan_that_cannot_be_kept_is_told_once_however_often_the_gateway_dies_before_putting_it_away(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.limits = Limits(largest=10)
    room.scan("huge.pdf", scan(COMPLAINT))
    with monkeypatch.context() as dying:
        dying.setattr("channels.letter.claiming.Claims.put_away", _dies)
        await room.works()
        await room.works()
    assert room.there("quarantine") == []
    await room.works()
    assert len(told(room)) == 1
    assert room.there() == ["quarantine/huge.pdf", "quarantine/huge.pdf.why.txt"]
    assert "too large" in room.why()[0]


async def test_a_person_learns_of_a_folder_in_a_folder_of_links_and_of_pipes(room: Room, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(scan("letter 秘密"))
    room.scan("nested/inner/1.pdf", scan(COMPLAINT))
    room.scan("linked/1.pdf", scan(COMPLAINT))
    (room.folder / "linked" / "2.pdf").symlink_to(secret)
    (room.folder / "link.pdf").symlink_to(secret)
    os.mkfifo(room.folder / "pipe.pdf")
    await room.works()
    names = {each.raw.decode().splitlines()[1] for each in told(room)}
    assert names == {"nested", "linked", "link.pdf", "pipe.pdf"}
    assert all(" / " in each.unreadable for each in told(room))
    assert all("秘密".encode() not in item.raw for item in room.desk.kept.values())
    assert len(room.why()) == 4
    assert (room.folder / "quarantine/nested/inner/1.pdf").read_bytes() == scan(COMPLAINT)
    assert (room.folder / "quarantine/linked/2.pdf").is_symlink()


async def test_a_person_learns_of_a_sidecar_that_is_broken_and_of_one_whose_files_never_came(room: Room) -> None:
    room.scan("a.json", b"{")
    room.scan("a.pdf", scan(COMPLAINT))
    room.note("post.json", files=["never.pdf"])
    await room.works(turns=200)
    assert sorted(each.unreadable.partition(" / ")[2] for each in told(room)) == [
        "the files that this sidecar names did not come",
        "the sidecar is not JSON",
    ]
    assert len(room.desk.texts) == 1


async def test_a_broken_sidecar_in_the_folder_of_a_letter_goes_to_a_person_and_the_letter_its_way(room: Room) -> None:
    room.scan("letter/1.pdf", scan("letter 前"))
    room.scan("letter/2.pdf", scan("letter 后"))
    room.note("letter/note.json", received_on="yesterday")
    await room.works()
    assert room.desk.texts == ["前\n后"]
    [note] = told(room)
    assert "received_on" in note.unreadable
    assert room.there() == [
        f"{TODAY}/letter/1.pdf",
        f"{TODAY}/letter/2.pdf",
        "quarantine/note.json",
        "quarantine/note.json.why.txt",
    ]


@pytest.mark.parametrize("day", ["1926-11-23", "0001-01-01", "1969-12-31", "2025-11-21", "2026-11-24"])
async def test_a_day_on_which_no_post_of_today_can_have_come_is_shown_to_a_person(room: Room, day: str) -> None:
    room.note("a.json", received_on=day)
    room.scan("a.pdf", scan(COMPLAINT))
    await room.works(turns=6)
    assert room.there() == [f"{TODAY}/a.pdf", "quarantine/a.json", "quarantine/a.json.why.txt"]
    assert "366" in room.why()[0]
    assert len(told(room)) == 1
    [letter] = [each for each in room.desk.submitted if each.text]
    assert (room.clock.now() - letter.received_at).days == 0


async def test_with_the_store_away_what_is_refused_waits_too(room: Room) -> None:
    (room.folder / "link.pdf").symlink_to("nowhere")
    room.desk.away = True
    await room.works()
    assert room.there("quarantine") == []
    room.desk.away = False
    await room.works()
    assert len(told(room)) == 1
    assert room.there("quarantine") == ["link.pdf", "link.pdf.why.txt"]


def test_what_is_told_of_a_folder_of_very_many_files_has_an_end(room: Room) -> None:
    item = stand_in("x", "many", {f"{n}.pdf": n for n in range(5 * MOST_LISTED)}, "文 / words", room.clock.now())
    assert len(item.raw.splitlines()) == MOST_LISTED + 3


def _dies(*_: object, **__: object) -> None:
    raise OSError("the power fails")
