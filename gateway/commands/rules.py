"""``rules``: which rules are in force and where they come from; ``rules check FOLDER`` looks for faults in own ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gateway.clock import SystemClock
from gateway.own_rules import insurers_day, own_rules
from normalizer import rulebook
from normalizer.rulecheck import check


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 sound, 1 faulty, 2 wrong use."""
    given = _options(argv)
    folder = given.folder or own_rules()
    if given.what == "check" and folder is None:
        print("no folder given, and TOUSU_RULES is not set", file=sys.stderr)
        return 2
    if folder and not _sound(folder, silent=given.what == "show"):
        return 1
    rulebook.use(folder, given.day)
    if given.what == "show":
        _show(folder)
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tousu rules", description="The rules by which messages are understood.")
    parser.add_argument("what", nargs="?", choices=("show", "check"), default="show")
    parser.add_argument("folder", nargs="?", type=Path, help="folder of own rules; TOUSU_RULES when left out")
    today = insurers_day(SystemClock().now())
    parser.add_argument("--day", type=date.fromisoformat, default=today, help="as of this day (today)")
    return parser.parse_args(argv)


def _sound(folder: Path, *, silent: bool) -> bool:
    """Print what was found in the folder; whether it can be used."""
    findings = check(folder)
    grave = [finding for finding in findings if finding.grave]
    for finding in findings:
        if finding.grave or not silent:
            print(f"{'' if finding.grave else 'warning: '}{finding}", file=sys.stderr)
    if not silent and not grave:
        print(f"{folder}: {len(list(folder.glob('*.toml')))} files, no faults")
    return not grave


def _show(folder: Path | None) -> None:
    print(f"own rules: {folder or 'none (TOUSU_RULES is not set)'}")
    for name in rulebook.RULE_FILES:
        placed = rulebook.in_force(name)
        head = rulebook.rules(name)
        print(f"{name:<14}{placed.shipped:<28}{head['version']:<8}from {head['effective_from']}")
        if own := placed.own:
            print(f"{'':<14}+ {own.file:<26}{own.version:<8}from {own.effective_from}")
