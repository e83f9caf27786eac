"""What the command prints of scans: one object a letter, the unreadable named, nobody held up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.__main__ import COMMANDS
from gateway.commands.read_letter import read_all, run
from tests.clock import MONDAY_MORNING
from tests.letter.mailroom import COMPLAINT, PaperClerk, scan

Out = pytest.CaptureFixture[str]
KEYS = {"file", "pages", "text", "codes", "fields", "doubtful", "warnings"}


async def printed(capsys: Out, *files: Path) -> tuple[int, list[dict[str, Any]]]:
    code = await read_all(files, PaperClerk(), MONDAY_MORNING)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def laid(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


async def test_a_letter_is_one_line_with_its_words_boxes_and_fields(tmp_path: Path, capsys: Out) -> None:
    code, [told] = await printed(capsys, laid(tmp_path, "信.pdf", scan(f"{COMPLAINT}\nid_card 陈建国")))
    assert code == 0
    assert set(told) == KEYS
    assert told["file"] == "信.pdf"
    assert told["text"].startswith("我叫陈建国")
    assert [(page["number"], page["kind"], page["rotation"]) for page in told["pages"]] == [
        (1, "letter", 0),
        (2, "id_card", 0),
    ]
    assert set(told["pages"][0]["lines"][0]) == {"text", "box", "score"}
    assert told["fields"]["complainant_name"] == "陈建国"
    assert told["fields"]["phone"] == "+8613812345678"
    assert isinstance(told["doubtful"], list)


async def test_a_file_of_several_letters_prints_one_line_for_each(tmp_path: Path, capsys: Out) -> None:
    code, told = await printed(capsys, laid(tmp_path, "a.pdf", scan("letter 第一封", "letter 第二封\nletter 第二页")))
    assert code == 0
    assert [(one["file"], one["letter"], one["text"]) for one in told] == [
        ("a.pdf", 1, "第一封"),
        ("a.pdf", 2, "第二封\n第二页"),
    ]
    assert [page["number"] for page in told[1]["pages"]] == [2, 3]


async def test_a_folder_is_one_letter(tmp_path: Path, capsys: Out) -> None:
    laid(tmp_path / "letter", "10.pdf", scan("letter 后"))
    laid(tmp_path / "letter", "9.pdf", scan("letter 前"))
    code, [told] = await printed(capsys, tmp_path / "letter")
    assert (code, told["file"], told["text"]) == (0, "letter", "前\n后")


async def test_a_file_that_cannot_be_read_is_named_and_the_next_is_read(tmp_path: Path, capsys: Out) -> None:
    broken = laid(tmp_path, "broken.pdf", b"what is this")
    code, told = await printed(capsys, broken, tmp_path / "absent.pdf", laid(tmp_path, "b.pdf", scan(COMPLAINT)))
    assert code == 1
    assert [set(one) for one in told] == [{"file", "error"}, {"file", "error"}, KEYS]


@pytest.mark.parametrize("content", [b"", scan("blank")])
async def test_nothing_on_paper_is_an_error(tmp_path: Path, capsys: Out, content: bytes) -> None:
    code, [told] = await printed(capsys, laid(tmp_path, "empty.pdf", content))
    assert code == 1
    assert set(told) == {"file", "error"}


def test_the_command_is_there() -> None:
    assert COMMANDS["read-letter"][0] == "read_letter"
    with pytest.raises(SystemExit):
        run([])
