"""What the mailroom lays into the folder: when it is taken, what becomes of it, and what is left alone."""

from __future__ import annotations

import asyncio
import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from channels.base import Paper
from channels.errors import Unreadable
from channels.letter.limits import Limits
from channels.letter.reading.files.bundle import unbundle
from channels.letter.watching import MISSING
from tests.letter.conftest import Room
from tests.letter.mailroom import COMPLAINT, scan

TODAY = "processed/2026-11-23"


async def test_a_scan_becomes_an_item_and_is_put_away_under_the_day(room: Room) -> None:
    content = scan(COMPLAINT)
    room.scan("信件1.pdf", content)
    await room.works()
    [submission] = room.desk.submitted
    assert submission.raw == content
    assert submission.text.startswith("我叫陈建国")
    assert submission.context["name"] == "信件1.pdf"
    assert room.there() == [f"{TODAY}/信件1.pdf"]


async def test_the_folders_are_made_at_the_start(room: Room) -> None:
    room.folder.rmdir()
    await room.works(turns=1)
    assert sorted(each.name for each in room.folder.iterdir()) == ["processed", "processing", "quarantine"]


async def test_a_growing_scan_is_left_until_it_has_rested(room: Room) -> None:
    file = room.scan("long.pdf", scan(COMPLAINT)[:40])
    looks: list[int] = []

    async def another_page(content: bytes) -> None:
        looks.append(len(content))

    room.clerk.before = another_page
    await room.works(turns=2)
    with file.open("ab") as opened:
        opened.write(scan(COMPLAINT)[40:])
    await room.works(turns=1)
    assert looks == []
    await room.works(turns=3)
    assert looks == [len(scan(COMPLAINT))]


async def test_a_scan_without_its_end_is_waited_for_and_taken_after_a_long_while(room: Room) -> None:
    room.scan("cut.pdf", b"%PDF-1.7\nletter hello")
    await room.works(turns=10)
    assert room.there() == ["cut.pdf"]
    assert sum(room.waits) < 600
    await room.works(turns=40)
    assert room.there() == [f"{TODAY}/cut.pdf"]
    assert room.desk.texts


async def test_names_of_unfinished_and_hidden_files_are_never_touched(room: Room) -> None:
    names = ["a.pdf.tmp", "b.part", "c.FILEPART", "d.pdf~", ".hidden.pdf", "Thumbs.db", ".DS_Store"]
    for name in names:
        room.scan(name, scan(COMPLAINT))
    await room.works()
    assert room.there() == sorted(names)
    assert room.desk.kept == {}


async def test_a_folder_is_one_letter_in_the_order_of_its_page_numbers(room: Room) -> None:
    for name, words in {"page10.pdf": "末页", "page2.pdf": "第二页", "page1.pdf": "第一页"}.items():
        room.scan(f"letter/{name}", scan(f"letter {words}"))
    await room.works()
    [submission] = room.desk.submitted
    assert submission.text == "第一页\n第二页\n末页"
    assert [paper.name for paper in unbundle(submission.raw)] == ["page1.pdf", "page2.pdf", "page10.pdf"]
    assert room.there() == [f"{TODAY}/letter/page{n}.pdf" for n in (1, 10, 2)]


async def test_a_folder_is_taken_when_all_of_it_has_come(room: Room) -> None:
    room.scan("letter/1.pdf", scan("letter 第一页"))
    room.scan("letter/2.pdf.part", b"%PDF")
    await room.works()
    assert room.desk.submitted == []
    (room.folder / "letter/2.pdf.part").unlink()
    room.scan("letter/2.pdf", scan("letter 第二页"))
    await room.works()
    assert room.desk.texts == ["第一页\n第二页"]


async def test_an_empty_folder_waits(room: Room) -> None:
    (room.folder / "letter").mkdir()
    await room.works()
    assert (room.folder / "letter").is_dir()


async def test_a_sidecar_says_when_the_post_came_and_by_which_tracking_number(room: Room) -> None:
    room.note("a.json", received_on="2026-11-20", postmark="2026-11-18", tracking_number="XA123456789CN", other=1)
    room.scan("a.pdf", scan(COMPLAINT))
    await room.works()
    [submission] = room.desk.submitted
    assert submission.received_at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert submission.context == {"name": "a.pdf", "postmark": "2026-11-18", "tracking_number": "XA123456789CN"}
    [item] = room.desk.kept.values()
    assert item.envelope["received_on"] == "2026-11-20"
    assert room.there() == [f"{TODAY}/a/a.json", f"{TODAY}/a/a.pdf"]


async def test_a_sidecar_binds_several_files_and_names_the_envelope(room: Room) -> None:
    room.note("post.json", files=["2.pdf", "1.pdf"], envelope="cover.jpg", received_on="2026-11-20")
    room.scan("1.pdf", scan("letter 后"))
    room.scan("2.pdf", scan("letter 前"))
    await room.works(turns=4)
    assert room.desk.submitted == []
    room.scan("cover.jpg", b"\xff\xd8\xff cover \xff\xd9")
    await room.works()
    [submission] = room.desk.submitted
    assert submission.text == "前\n后"
    assert [(each.name, each.inline) for each in submission.attachments] == [
        ("2.pdf", True),
        ("1.pdf", True),
        ("信封.jpg", False),
    ]
    assert room.there() == [f"{TODAY}/post/{name}" for name in ("1.pdf", "2.pdf", "cover.jpg", "post.json")]


async def test_a_sidecar_whose_files_never_come_is_put_aside_and_the_others_go_their_way(room: Room) -> None:
    room.note("post.json", files=["1.pdf", "2.pdf"])
    room.scan("1.pdf", scan(COMPLAINT))
    await room.works(turns=200)
    assert room.there() == [f"{TODAY}/1.pdf", "quarantine/post.json", "quarantine/post.json.why.txt"]
    assert "没有出现" in room.why()[0]


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"received_on": "yesterday"}', b'{"files": ["../secret.pdf"]}', b'{"envelope": "/etc/passwd"}'],
)
async def test_a_broken_sidecar_goes_to_quarantine_with_its_cause_and_the_letter_is_taken(
    room: Room, content: bytes
) -> None:
    room.scan("a.json", content)
    room.scan("a.pdf", scan(COMPLAINT))
    await room.works(turns=6)
    assert room.there() == [f"{TODAY}/a.pdf", "quarantine/a.json", "quarantine/a.json.why.txt"]
    assert len(room.why()[0].splitlines()) == 2


async def test_links_and_pipes_are_refused_and_never_followed(room: Room, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(scan(COMPLAINT))
    (room.folder / "link.pdf").symlink_to(secret)
    os.mkfifo(room.folder / "pipe.pdf")
    (room.folder / "inner").mkdir()
    (room.folder / "inner" / "link.pdf").symlink_to(secret)
    (room.folder / "elsewhere").symlink_to(tmp_path)
    await room.works()
    quarantine = room.folder / "quarantine"
    assert (quarantine / "link.pdf").is_symlink()
    assert stat.S_ISFIFO((quarantine / "pipe.pdf").lstat().st_mode)
    assert (quarantine / "inner" / "link.pdf").is_symlink()
    assert (quarantine / "elsewhere").is_symlink()
    assert len(room.why()) == 4
    assert all(COMPLAINT.encode() not in item.raw for item in room.desk.kept.values())
    assert secret.exists()


async def test_a_file_nobody_can_read_goes_to_quarantine_in_plain_words_and_the_next_is_taken(room: Room) -> None:
    room.scan("1.pdf", b"%PDF-1.7 %%EOF").write_bytes(b"GIF89a what is this")
    room.scan("2.pdf", scan(COMPLAINT))
    await room.works()
    assert room.there() == [f"{TODAY}/2.pdf", "quarantine/1.pdf", "quarantine/1.pdf.why.txt"]
    assert room.why() == ["文件已损坏\nthe file is damaged\n"]
    assert [bool(each.unreadable) for each in room.desk.submitted] == [True, False]


async def test_nothing_that_was_put_away_is_ever_overwritten(room: Room) -> None:
    for n in range(3):
        room.scan("scan.pdf", scan(f"letter 第{n}封信"))
        await room.works()
    assert room.there(TODAY) == ["scan (2).pdf", "scan (3).pdf", "scan.pdf"]
    assert (room.folder / TODAY / "scan.pdf").read_bytes() == scan("letter 第0封信")


async def test_the_same_scan_twice_is_one_item(room: Room) -> None:
    for name in ("a.pdf", "b.pdf"):
        room.scan(name, scan(COMPLAINT))
    await room.works()
    assert len(room.desk.submitted) == 1
    assert room.there() == [f"{TODAY}/a.pdf", f"{TODAY}/b.pdf"]


async def test_a_letter_that_fails_holds_up_no_other_and_in_the_end_goes_to_a_person(room: Room) -> None:
    room.clerk.broken = [RuntimeError("odd")]
    room.scan("1.pdf", scan("letter 第一封"))
    room.scan("2.pdf", scan("letter 第二封"))
    await room.works(turns=2)
    assert room.desk.texts == ["第二封"]
    await room.works(turns=3)
    assert room.desk.texts == ["第二封", "第一封"]

    room.clerk.broken = [RuntimeError("odd") for _ in range(5)]
    room.scan("3.pdf", scan("letter 第三封"))
    await room.works(turns=12)
    assert "RuntimeError" in room.desk.submitted[-1].unreadable
    assert room.there("quarantine") == ["3.pdf", "3.pdf.why.txt"]


async def test_with_the_store_away_letters_wait_and_the_watch_says_so(room: Room) -> None:
    for n in range(9):
        room.scan(f"{n}.pdf", scan(f"letter 第{n}封"))
    room.desk.away = True
    channel = await room.works(turns=8)
    assert "cannot store" in channel.state()["problem"]
    assert len(room.there("processing")) + len(list(room.folder.glob("*.pdf"))) >= 9
    room.desk.away = False
    channel = await room.works(turns=4)
    assert "problem" not in channel.state()
    assert sorted(room.desk.texts) == [f"第{n}封" for n in range(9)]
    assert room.there("processing") == []


async def test_a_folder_that_went_away_is_told_and_comes_back(room: Room) -> None:
    watch = room.watch()
    room.folder.rmdir()
    assert await watch.look() == 30
    assert watch.state()["problem"] == MISSING
    room.folder.mkdir()
    await watch.look()
    assert "problem" not in watch.state()


async def test_a_scan_larger_than_we_read_stays_in_quarantine_and_a_person_is_told(room: Room) -> None:
    room.limits = Limits(largest=1000)
    room.scan("huge.pdf", scan("letter " + "很长" * 1000))
    await room.works()
    assert room.there() == ["quarantine/huge.pdf", "quarantine/huge.pdf.why.txt"]
    [submission] = room.desk.submitted
    assert "too large" in submission.unreadable
    assert b"huge.pdf" in submission.raw


async def test_an_empty_scan_is_waited_for_and_then_shown_to_a_person(room: Room) -> None:
    room.scan("empty.pdf", b"")
    await room.works(turns=10)
    assert room.there() == ["empty.pdf"]
    await room.works(turns=40)
    assert room.there() == ["quarantine/empty.pdf", "quarantine/empty.pdf.why.txt"]
    assert room.desk.submitted[0].unreadable


async def test_two_gateways_on_one_folder_take_each_letter_once(room: Room) -> None:
    for n in range(6):
        room.note(f"{n}.json", files=[f"{n}a.pdf", f"{n}b.pdf"])
        room.scan(f"{n}a.pdf", scan(f"letter {n}a"))
        room.scan(f"{n}b.pdf", scan(f"letter {n}b"))
    one, other = room.watch(), room.watch()
    await one.look()
    await other.look()
    room.clock.advance(seconds=6)
    await asyncio.gather(one.look(), other.look())
    assert sorted(room.desk.texts) == [f"{n}a\n{n}b" for n in range(6)]
    assert len(room.there(TODAY)) == 18


async def test_what_has_an_odd_name_is_taken_like_any_other(room: Room) -> None:
    odd = os.fsdecode(b"\xff\xfe scan\n.pdf")
    long = "信" * 80 + ".pdf"
    room.scan(odd, scan("letter 一"))
    room.scan(long, scan("letter 二"))
    await room.works()
    assert sorted(room.desk.texts) == ["一", "二"]
    names = {submission.context["name"] for submission in room.desk.submitted}
    assert "?? scan?.pdf" in names
    assert [each.encode("utf-8") for each in names]


async def test_an_item_keeps_the_day_and_the_papers_it_came_with(room: Room) -> None:
    room.note("x.json", files=["x1.pdf", "x2.pdf"], received_on=date(2026, 11, 22).isoformat())
    papers = [Paper(name=f"x{n}.pdf", content=scan(f"letter {n}")) for n in (1, 2)]
    for paper in papers:
        room.scan(paper.name, paper.content)
    await room.works()
    [item] = room.desk.kept.values()
    assert list(unbundle(item.raw)) == papers
    assert item.envelope == {"name": "x1.pdf", "received_on": "2026-11-22", "source": "folder", "files": "2"}


async def test_while_no_reader_starts_letters_wait_however_long_and_are_then_read(room: Room) -> None:
    room.scan("1.pdf", scan("letter 第一封"))
    room.clerk.broken = [Unreadable("start: 读取程序未能启动") for _ in range(20)]
    await room.works(turns=20)
    assert (room.desk.submitted, room.there("quarantine")) == ([], [])
    room.clerk.broken = [RuntimeError("odd")]
    await room.works(turns=8)
    assert room.desk.texts == ["第一封"]


async def test_while_no_reader_starts_the_others_are_not_tried_in_vain(room: Room) -> None:
    for n in range(9):
        room.scan(f"{n}.pdf", scan(f"letter 第{n}封"))
    room.clerk.broken = [Unreadable("start: 读取程序未能启动") for _ in range(100)]
    channel = await room.works(turns=3)
    assert len(list(room.folder.glob("*.pdf"))) == 6
    assert "read" in channel.state()["problem"]
