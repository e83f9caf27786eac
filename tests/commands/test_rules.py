"""Which rules are in force, what is wrong with those of an insurer, and who refuses to work by broken ones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.__main__ import main
from gateway.operations.rules import RulesRound
from gateway.own_rules import own_rules
from gateway.settings import Settings
from normalizer.record import SHANGHAI
from normalizer.rulebook import RULE_FILES, rules, use
from tests.clock import SetClock
from tests.normalizer.own_rules import DAY, write

Out = pytest.CaptureFixture[str]


def test_the_rules_in_force_are_listed_with_their_files_and_days(tmp_path: Path, capsys: Out) -> None:
    assert main(["rules", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "TOUSU_RULES is not set" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == list(RULE_FILES)
    assert main(["rules", "show", str(write(tmp_path, urgency="elderly_age = 61\n")), "--day", "2026-11-24"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["+", "urgency.toml", "1", "from", "2026-11-23"]


def test_an_edition_of_a_day_to_come_is_not_in_force_yet(tmp_path: Path, capsys: Out) -> None:
    folder = str(write(tmp_path, urgency_2027_01_01="elderly_age = 61\n"))
    main(["rules", "show", folder, "--day", "2026-12-31"])
    assert "urgency-2027-01-01.toml" not in capsys.readouterr().out
    main(["rules", "show", folder, "--day", "2027-01-01"])
    assert "urgency-2027-01-01.toml" in capsys.readouterr().out


def test_a_sound_folder_is_said_to_be_sound(tmp_path: Path, capsys: Out) -> None:
    assert main(["rules", "check", str(write(tmp_path, urgency="elderly_age = 61\n"))]) == 0
    assert "1 files, no faults" in capsys.readouterr().out


def test_every_fault_of_a_folder_is_printed_without_a_traceback(tmp_path: Path, capsys: Out) -> None:
    folder = write(tmp_path, urgency='elderly_agee = 61\nminor_age = "x"\n', names='titles = { remove = ["无此"] }\n')
    assert main(["rules", "check", str(folder)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[0].startswith("warning: names.toml: titles: removes")
    assert told[1].startswith("urgency.toml: elderly_agee")
    assert told[2].startswith("urgency.toml: minor_age")


def test_to_check_no_folder_is_wrong_use(capsys: Out) -> None:
    assert main(["rules", "check"]) == 2
    assert "TOUSU_RULES" in capsys.readouterr().err


def test_the_folder_of_the_setting_is_the_one_that_is_meant(
    tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUSU_RULES", str(write(tmp_path, urgency="elderly_age = 0\n")))
    assert own_rules() == Settings().rules == tmp_path
    assert main(["rules", "check"]) == 1
    assert main(["rules", "show"]) == 1
    assert "elderly_age: must be a number" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "ledger"])
def test_nothing_starts_by_broken_rules_and_it_says_why(
    command: str, tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOUSU_RULES", str(write(tmp_path, urgency="elderly_age = 0\n")))
    monkeypatch.setenv("TOUSU_DATA_DIR", str(tmp_path / "data"))
    assert main([command]) == 1
    assert capsys.readouterr().err == "urgency.toml: elderly_age: must be a number greater than 0\n"
    assert not (tmp_path / "data").exists()


async def test_at_midnight_the_rules_of_the_new_day_come_into_force(tmp_path: Path) -> None:
    folder = write(tmp_path, urgency_2026_11_24="elderly_age = 61\n")
    clock = SetClock(datetime(2026, 11, 23, 23, 59, tzinfo=SHANGHAI))
    use(folder, DAY)
    each_round = RulesRound(folder, clock)
    await each_round.go()
    assert rules("urgency")["elderly_age"] == 60
    clock.advance(minutes=2)
    await each_round.go()
    assert rules("urgency")["elderly_age"] == 61


async def test_a_mended_folder_is_used_the_same_day_and_one_fault_is_told_once(tmp_path: Path) -> None:
    clock = SetClock()
    use(write(tmp_path, names='titles = { set = ["先生"] }\n'), DAY)
    each_round = RulesRound(tmp_path, clock)
    write(tmp_path, names="titles = 1\n")
    clock.advance(days=1)
    with capture_logs() as logs:
        for _ in range(3):
            await each_round.go()
        write(tmp_path, names="titles = [1]\n", text="slips = 1\n")
        await each_round.go()
    assert [each["event"] for each in logs] == ["rules_broken"] * 2
    (tmp_path / "text.toml").unlink()
    write(tmp_path, names='titles = { set = ["女士"] }\n')
    clock.advance(hours=1)
    await each_round.go()
    assert rules("names")["titles"] == ["女士"]


async def test_a_folder_broken_while_the_gateway_runs_changes_nothing(tmp_path: Path) -> None:
    clock = SetClock()
    use(write(tmp_path, urgency="elderly_age = 61\n"), DAY)
    each_round = RulesRound(tmp_path, clock)
    write(tmp_path, urgency="elderly_age = 0\n")
    clock.advance(days=1)
    await each_round.go()
    assert rules("urgency")["elderly_age"] == 61
