"""The commands as an operator gives them: exit codes, words, and nothing secret in them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from gateway.__main__ import main
from store.crypto import new_secret
from tests.backup.conftest import PASSPHRASE, House

Printed = pytest.CaptureFixture[str]


def at(house: House, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TOUSU_DATA_DIR", str(house.folder))


def test_an_operator_backs_up_restores_and_checks(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    at(house, monkeypatch)
    file = tmp_path / "tousu.backup"
    assert main(["backup", str(file)]) == 1
    assert "TOUSU_BACKUP_PASSPHRASE" in capsys.readouterr().err
    monkeypatch.setenv("TOUSU_BACKUP_PASSPHRASE", PASSPHRASE)
    assert main(["backup", str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    assert main(["restore", str(file)]) == 1
    assert "overwrites nothing" in capsys.readouterr().err
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path / "elsewhere"))
    assert main(["restore", str(file)]) == 0
    assert "everything is as it was stored" in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0
    assert main(["integrity", "--json"]) == 0
    assert PASSPHRASE not in "".join(capsys.readouterr())


def test_damage_is_listed_and_told_by_the_exit_code(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    at(house, monkeypatch)
    behind = sqlite3.connect(house.folder / "tousu.db")
    behind.execute("DROP TRIGGER audit_no_update")
    behind.execute("UPDATE audit SET actor = 'somebody else' WHERE id = 1")
    behind.execute("UPDATE complaints SET contact = x'00'")
    behind.commit()
    behind.close()
    assert main(["audit", "verify"]) == 1
    assert "broken at entry 1" in capsys.readouterr().out
    assert main(["integrity"]) == 1
    told = capsys.readouterr().out
    assert "complaints.contact\t1\t" in told
    assert "audit\t1\t" in told


def test_the_ledger_is_checked_by_command(house: House, monkeypatch: pytest.MonkeyPatch, capsys: Printed) -> None:
    at(house, monkeypatch)
    assert main(["ledger", "check", "--since", "2026-11-23", "--json"]) in (0, 1)
    balance = json.loads(capsys.readouterr().out)
    assert balance["verdict"] == "balanced", balance["off"]
    assert main(["ledger", "check", "--days", "1"]) == 0
    assert "It balances." in capsys.readouterr().out
    behind = sqlite3.connect(house.folder / "tousu.db")
    behind.execute("UPDATE ledger SET state = 'stored'")
    behind.commit()
    behind.close()
    assert main(["ledger", "check"]) == 1
    assert "left_behind\twechat\t2026-11-23\titem\t1" in capsys.readouterr().out


def test_a_source_that_is_away_has_an_exit_code_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    at(house, monkeypatch)
    monkeypatch.setenv("TOUSU_EMAIL_ADDRESS", "tousu@insurer.example")
    monkeypatch.setenv("TOUSU_EMAIL_IMAP_URL", "imap://tousu:secret-word@127.0.0.1:9")
    monkeypatch.setenv("TOUSU_EMAIL_SMTP_URL", "smtp://tousu:secret-word@127.0.0.1:9")
    assert main(["ledger", "check"]) == 3
    told = capsys.readouterr().out
    assert "email\tcould not be asked" in told
    assert "secret-word" not in told


def test_wrong_use_is_told(capsys: Printed) -> None:
    for words in (["ledger", "check", "--days", "0"], ["audit", "break"], ["backup"], ["restore"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_a_house_that_is_not_there_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("TOUSU_SECRET_KEY", new_secret())
    monkeypatch.setenv("TOUSU_BACKUP_PASSPHRASE", PASSPHRASE)
    assert main(["backup", str(tmp_path / "file")]) == 1
    assert "The database did not do what was asked." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main(["restore", str(tmp_path / "file")]) == 1
    assert "No such file" in capsys.readouterr().err
