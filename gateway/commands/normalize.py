"""``normalize``: JSON lines {id, channel, sender, received_on, text} in, records out; ``--explain`` says why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from gateway.clock import SystemClock
from gateway.commands.reasons import reasons
from gateway.own_rules import insurers_day, own_rules
from normalizer import rulebook
from normalizer.explain import explained
from normalizer.jsonlines import from_line, to_json
from normalizer.normalize import normalize
from normalizer.record import Complaint, Submission

Told = dict[str, Any]
Show = Callable[[Any, Complaint, Submission], str]
Reading = Callable[[Submission, Complaint], Complaint]


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 some line could not be read, or the own rules are faulty."""
    given = _options(argv)
    try:
        rulebook.use(own_rules(), insurers_day(SystemClock().now()))
        with _lines(given.file) as lines, _reading(along=given.model) as reading:
            read = [_one(place, line, given.show, reading) for place, line in enumerate(lines, 1) if line.strip()]
    except (OSError, ValueError, rulebook.BrokenRules) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(read) else 1


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tousu normalize", description="Reads JSON lines, writes JSON lines.")
    parser.add_argument("file", nargs="?", type=Path, help="file to read; standard input when left out")
    show = parser.add_mutually_exclusive_group()
    show.set_defaults(show=_record)
    show.add_argument(
        "--explain",
        dest="show",
        action="store_const",
        const=_record_and_why,
        help="add the words, place and rule behind every field and class, and the versions of the rules",
    )
    show.add_argument(
        "--pretty", dest="show", action="store_const", const=_for_people, help="the same for a person to read"
    )
    parser.add_argument(
        "--model", action="store_true", help="let the model of the TOUSU_MODEL_* settings read along; see docs/model.md"
    )
    return parser.parse_args(argv)


def _reading(*, along: bool) -> AbstractContextManager[Reading]:
    if not along:
        return nullcontext(lambda _, record: record)
    from gateway.model.offline import reading_along  # brings aiohttp and pydantic: 0.4 s that others need not wait

    return reading_along()


@contextmanager
def _lines(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdin
        return
    with file.open(encoding="utf-8") as opened:
        yield opened


def _one(place: int, line: str, show: Show, reading: Reading) -> bool:
    """A line that cannot be read is named and skipped; the others are not held up by it."""
    try:
        data = json.loads(line)
        submission = from_line(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"line {place}: {error}", file=sys.stderr)
        return False
    print(show(data.get("id"), reading(submission, normalize(submission)), submission))
    return True


def _record(id: Any, record: Complaint, submission: Submission) -> str:
    return json.dumps({"id": id, **to_json(record)}, ensure_ascii=False)


def _record_and_why(id: Any, record: Complaint, submission: Submission) -> str:
    why = {"explain": explained(record, submission), "rules": rulebook.versions()}
    return json.dumps({"id": id, **to_json(record), **why}, ensure_ascii=False)


def _for_people(id: Any, record: Complaint, submission: Submission) -> str:
    return reasons(str(id), submission.text, explained(record, submission))
