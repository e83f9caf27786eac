"""python -m deploy.audit [FOLDER]: locks, licences, warnings; the bill of materials goes into FOLDER (build/)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.audit.advisories import Warned, warned
from deploy.audit.agreeing import Lock, asked_for, differing, faults, overridden
from deploy.audit.licences import Rules, is_compatible, licence_of, read_rules
from deploy.audit.locked import read_lock
from deploy.audit.sbom import sbom

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT, LOCKS = ROOT / "pyproject.toml", ROOT / "deploy" / "lock"
FILE = "sbom.cdx.json"
STARS = "*" * 72


def main(argv: Sequence[str]) -> int:
    """0: all is well, as far as it could be looked at."""
    folder = Path(argv[0]) if argv else ROOT / "build"
    rules, run, dev = read_rules(), read_lock(LOCKS / "run.txt"), read_lock(LOCKS / "dev.txt")
    found = [*disagreeing(run, dev), *forbidden(dev, rules)]
    written = write_sbom(folder, run, rules)
    known = warned(LOCKS / "run.txt")
    for line in (*found, *known.found):
        sys.stderr.write(f"audit: {line}\n")
    sys.stdout.write(f"{len(run)} packages to run, {len(dev)} with tests; bill of materials: {written}\n")
    sys.stdout.write(_in_words(known))
    return 1 if found or known.found else 0


def disagreeing(run: Lock, dev: Lock) -> Iterator[str]:
    asked, never = asked_for(PYPROJECT), overridden(PYPROJECT)
    yield from (f"run.txt: {fault}" for fault in faults(asked["run"], run, never))
    yield from (f"dev.txt: {fault}" for fault in faults(asked["dev"], dev, never))
    yield from differing(run, dev)


def forbidden(lock: Lock, rules: Rules) -> Iterator[str]:
    for name in lock:
        if not is_compatible(expression := licence_of(name, rules), rules):
            yield f"{name}: licence {expression or 'not known'}: not one to go along with, or to decide by a person"


def write_sbom(folder: Path, run: Lock, rules: Rules) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    file.write_text(json.dumps(sbom(PYPROJECT, run, rules), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return file


def _in_words(known: Warned) -> str:
    if known.checked:
        return "Known vulnerabilities: none\n" if not known.found else f"Known vulnerabilities: {len(known.found)}\n"
    return (
        f"{STARS}\n* Known vulnerabilities: NOT CHECKED (no pip-audit here, or its database is not reached)\n{STARS}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
