"""The audit finds what is wrong with locks and licences, and does without a network."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from deploy.audit.__main__ import FILE, LOCKS, PYPROJECT, main
from deploy.audit.advisories import warned
from deploy.audit.agreeing import asked_for, differing, faults, overridden
from deploy.audit.licences import is_compatible, licence_of, read_rules
from deploy.audit.locked import read_lock
from deploy.audit.sbom import sbom

RULES = read_rules()
RUN, DEV = read_lock(LOCKS / "run.txt"), read_lock(LOCKS / "dev.txt")


def answers(told: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"print({told!r})")


def test_every_locked_package_may_go_along_and_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.audit.__main__.warned", lambda lock: warned(lock, ("no-such-command",)))
    assert main([str(tmp_path)]) == 0
    assert json.loads((tmp_path / FILE).read_text())["components"]


def test_the_bill_of_materials_names_every_package_with_version_hashes_and_licence() -> None:
    told = sbom(PYPROJECT, RUN, RULES)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", told["serialNumber"])
    assert {each["name"] for each in told["components"]} == RUN.keys()
    for each in told["components"]:
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["hashes"]
        assert all(re.fullmatch("[0-9a-f]{64}", one["content"]) for one in each["hashes"])
        assert each["licenses"][0]["expression"]
    references = [each["bom-ref"] for each in told["components"]]
    assert len({*references}) == len(references)
    assert told == sbom(PYPROJECT, RUN, RULES)


def test_a_package_that_is_asked_for_and_not_locked_is_found() -> None:
    lock = {name: each for name, each in RUN.items() if name not in ("aiohttp", "yarl")}
    found = [*faults(asked_for(PYPROJECT)["run"], lock, overridden(PYPROJECT))]
    assert "aiohttp is not locked, and pyproject.toml needs it" in found
    assert any(fault.startswith("yarl is not locked") for fault in found)


def test_a_lock_that_is_older_than_what_is_asked_for_is_found() -> None:
    found = [*faults(["aiohttp>=99"], RUN, frozenset())]
    assert any(re.fullmatch(r"aiohttp is locked as \S+, and pyproject.toml needs >=99", fault) for fault in found)


def test_a_package_that_nobody_needs_any_more_is_found() -> None:
    asked = [each for each in asked_for(PYPROJECT)["run"] if not each.startswith("segno")]
    assert [*faults(asked, RUN, overridden(PYPROJECT))] == ["segno is locked, and nothing needs it"]


def test_what_is_tested_must_be_what_runs() -> None:
    assert [*differing(RUN, {name: each for name, each in DEV.items() if name != "lxml"})] == [
        "lxml is not the same in run.txt and dev.txt"
    ]


def test_a_line_that_no_lock_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text("requests>=2\n")
    with pytest.raises(ValueError, match="not as a lock is written"):
        read_lock(tmp_path / "lock.txt")


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-2.0-only", False),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND (Proprietary OR BSD-3-Clause)", True),
        ("MIT AND Proprietary", False),
        ("(MIT", False),
        ("MIT MIT", False),
        ("", False),
    ],
)
def test_a_licence_goes_along_or_not(expression: str, may: bool) -> None:
    assert is_compatible(expression, RULES) is may


def test_of_an_unknown_package_nobody_can_tell_the_licence() -> None:
    assert licence_of("no-such-package-of-anybody", RULES) == ""


def test_whoever_decides_a_licence_gives_the_reason(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('compatible = []\n[names]\n[decided.x]\nlicence = "MIT"\n')
    with pytest.raises(ValueError, match="without a reason: x"):
        read_rules(tmp_path / "rules.toml")


@pytest.mark.parametrize("told", ["", "[]", '{"dependencies": 1}', "cannot connect"])
def test_where_nobody_can_be_asked_it_says_not_checked(told: str) -> None:
    assert not warned(LOCKS / "run.txt", answers(told)).checked


def test_a_known_vulnerability_stops_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = {"dependencies": [{"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}
    monkeypatch.setattr("deploy.audit.__main__.warned", lambda lock: warned(lock, answers(json.dumps(listed))))
    assert main([str(tmp_path)]) == 1
    assert "x 1: PYSEC-1, mended in 2" in capsys.readouterr().err
