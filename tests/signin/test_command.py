"""The command for the first administrator, and for the day when nobody gets in any more."""

from __future__ import annotations

import getpass
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.__main__ import main


@pytest.fixture
def _house(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(sqlite_template, tmp_path / "tousu.db")
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path))


def people(*words: str) -> int:
    return main(["people", *words])


def typing(monkeypatch: pytest.MonkeyPatch, passwords: Sequence[str]) -> None:
    typed = iter(passwords)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))


@pytest.mark.usefixtures("_house")
def test_the_first_administrator_is_added_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert people("add", "boss", "--name", "管理员", "--role", "admin") == 0
    assert "first password, shown once: " in capsys.readouterr().out
    assert people("list") == 0
    assert capsys.readouterr().out == "boss\tactive\tadmin\t-\t管理员\n"
    assert people("disable", "boss") == 1
    assert "last administrator" in capsys.readouterr().err


@pytest.mark.usefixtures("_house")
def test_a_password_is_typed_twice_and_never_on_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, ["my very own long words"] * 2)
    assert people("add", "boss", "--name", "管理员", "--role", "admin", "--ask") == 0
    assert "long words" not in capsys.readouterr().out
    typing(monkeypatch, ["my very own long words", "something else"])
    assert people("password", "boss", "--ask") == 1
    assert people("password", "boss") == 0
    assert "for one sign-in" in capsys.readouterr().out


def test_an_unknown_role_is_wrong_use() -> None:
    with pytest.raises(SystemExit) as left:
        people("add", "boss", "--name", "x", "--role", "king")
    assert left.value.code == 2
