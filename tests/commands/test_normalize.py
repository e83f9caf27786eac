"""JSON lines in, records out; why they say what they say; by whose rules."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.__main__ import main
from tests.normalizer.own_rules import write

TEXT = "拒赔！我要曝光你们，我叫陈建国，电话13912345678，赔款3000元拖了三个月，请尽快赔付"
Out = pytest.CaptureFixture[str]


def line(text: str = TEXT, **more: Any) -> str:
    return json.dumps({"id": "a", "channel": "wechat", "received_on": "2026-11-23", "text": text, **more}) + "\n"


def normalized(capsys: Out, monkeypatch: pytest.MonkeyPatch, *words: str, lines: str = "") -> Any:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines or line()))
    assert main(["normalize", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_without_being_asked_nothing_is_explained(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not {"explain", "rules"} & set(normalized(capsys, monkeypatch))


def test_every_value_of_the_record_is_explained_by_its_words(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    told = normalized(capsys, monkeypatch, "--explain")
    why = told["explain"]
    known = {name for name, value in told.items() if value and name not in ("id", "missing", "explain", "rules")}
    assert known <= set(why)
    for name in ("complainant_name", "phone", "request", "matter"):
        span = why[name]["span"]
        assert TEXT[span["start"] : span["end"]] == why[name]["source"]
        assert set(why[name]) >= {"value", "source", "span", "method", "confidence", "rule"}
    assert [one["value"] for one in why["amounts"]] == ["3000"]
    assert told["rules"]["urgency"] == "1.0 from 2026-11-22"


def test_classes_flags_and_urgency_are_explained_by_all_words_that_spoke(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = normalized(capsys, monkeypatch, "--explain")["explain"]
    assert why["intent"]["rule"] == "intent.complaint"
    assert "赔" in "".join(_words(why["category"]))
    assert {why["category_detail"]["value"], *(one["value"] for one in why["category_detail"]["others"])} >= {
        "C0101",
        "C0103",
    }
    assert [(flag["value"], _words(flag)) for flag in why["flags"]] == [("media", ["曝光"])]
    assert "曝光" in _words(why["priority"])


def test_a_flag_by_age_is_explained_by_the_age(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    why = normalized(capsys, monkeypatch, "--explain", lines=line("我今年82岁了，你们不给理赔"))["explain"]
    (flag,) = why["flags"]
    assert flag["value"] == "elderly"
    assert "82" in _words(flag)[0]


def test_two_policy_numbers_stand_side_by_side(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    two = line("保单号PDAA202641010000100005和保单号PDAA202641010000100006都不给赔")
    why = normalized(capsys, monkeypatch, "--explain", lines=two)["explain"]["policy_number"]
    assert (why["value"], [one["value"] for one in why["others"]]) == (
        "PDAA202641010000100005",
        ["PDAA202641010000100006"],
    )


def test_a_person_can_read_it_too(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(line()))
    assert main(["normalize", "--pretty"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("== a: 拒赔")
    assert "complainant_name  陈建国  「陈建国」" in out
    assert "words: 「曝光」" in out


def test_the_insurers_own_rules_are_kept_to(tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    text = line("你们不给赔，我去找大喇叭栏目")
    assert normalized(capsys, monkeypatch, lines=text)["flags"] == []
    folder = write(tmp_path, urgency='[[flag]]\ncode = "media"\ncues = ["大喇叭栏目"]\n')
    monkeypatch.setenv("TOUSU_RULES", str(folder))
    told = normalized(capsys, monkeypatch, "--explain", lines=text)
    assert told["flags"] == ["media"]
    assert "with urgency.toml 1 from 2026-11-23" in told["rules"]["urgency"]


def test_by_broken_rules_nothing_is_normalized(tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUSU_RULES", str(write(tmp_path, urgency="elderly_age = 0\n")))
    monkeypatch.setattr("sys.stdin", io.StringIO(line()))
    assert main(["normalize"]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "urgency.toml: elderly_age: must be a number greater than 0\n")


def test_a_line_that_cannot_be_read_holds_up_no_other(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"no json\n{line()}"))
    assert main(["normalize"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("line 1: ")
    assert json.loads(told.out)["id"] == "a"


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: Out) -> None:
    assert main(["normalize", str(tmp_path / "gone.jsonl")]) == 1
    assert "gone.jsonl" in capsys.readouterr().err


def _words(told: dict[str, Any]) -> list[str]:
    return [word["source"] for word in told["words"]]
