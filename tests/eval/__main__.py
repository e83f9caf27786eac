"""``make eval``, or ``python -m tests.eval [FILE…] [--channel X] [--worst N]``: a report; its exit code is always 0."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tests.eval.cases import everything
from tests.eval.judge import score
from tests.eval.report import report


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="case files; all of the tests' when left out"
    )
    parser.add_argument("--channel", help="only the cases of this channel")
    parser.add_argument(
        "--worst", type=int, default=10, metavar="N", help="how many of the worst misses are listed (10)"
    )
    given = parser.parse_args(argv)
    cases = [case for case in everything(given.files) if given.channel in (None, case.channel)]
    for line in report(score(cases), given.worst):
        print(line)


if __name__ == "__main__":
    main()
