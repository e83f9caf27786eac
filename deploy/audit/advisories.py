"""Does anybody warn of a package that we lock? Asked where it can be asked; where not, that is said and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ASK = (
    sys.executable,
    "-m",
    "pip_audit",
    "--no-deps",
    "--require-hashes",
    "--progress-spinner",
    "off",
    "--format",
    "json",
)
PATIENCE = 180.0  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """What came of it. ``checked`` False: nobody could be asked, and ``found`` means nothing."""

    checked: bool
    found: tuple[str, ...] = ()


def warned(lock: Path, ask: Sequence[str] = ASK) -> Warned:
    """Every known vulnerability, one line each. No tool, no network, no sense in its answer: not checked."""
    try:
        told = subprocess.run([*ask, "-r", str(lock)], capture_output=True, text=True, timeout=PATIENCE, check=False)
        packages = json.loads(told.stdout)["dependencies"]
        found = tuple(
            f"{each['name']} {each['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version'}"
            for each in packages
            for one in each.get("vulns", ())
        )
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Warned(checked=False)
    return Warned(checked=True, found=found)
