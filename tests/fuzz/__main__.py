"""python -m tests.fuzz [--minutes N] [--seed N] [target …]: the long form, each target for so many minutes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gateway.operations.logs import configure_logs
from tests.fuzz.campaign import Report, campaign
from tests.fuzz.targets import TARGETS


def main(argv: Sequence[str]) -> int:
    asked = _asked(argv)
    configure_logs("critical")
    reports = [_fired_at(name, asked.minutes, asked.seed) for name in asked.targets or TARGETS]
    broken = sum(len(report.found) for report in reports)
    _say(f"{sum(report.executions for report in reports)} executions, {broken} broken promises")
    return 1 if broken else 0


def _asked(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--seed", type=int, default=1, help="another one takes other ways")
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    asked = parser.parse_args(argv)
    if unknown := sorted({*asked.targets} - TARGETS.keys()):
        parser.error(f"unknown: {', '.join(unknown)}")
    return asked


def _fired_at(name: str, minutes: float, seed: int) -> Report:
    with campaign(TARGETS[name], seed) as opened:
        report = opened.go(minutes * 60)
    rate = f"{report.executions} executions, {report.rate:.0f}/s"
    _say(f"{name}: {rate}, {report.lines} lines reached, {len(report.found)} found")
    for kind, words in report.found.items():
        _say(f"  {kind}: {words}")
    return report


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
