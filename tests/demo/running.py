"""A demo as a person starts it: a process of its own, its address read from what it prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOPS_WITHIN = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    url: str
    folder: Path
    greeting: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOPS_WITHIN)


@contextmanager
def running_demo(folder: Path, *options: str) -> Iterator[Demo]:
    """Ends the process in any case."""
    command = (sys.executable, "-m", "gateway", "demo", "--data", str(folder), *options)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=clean_environment()) as process:
        try:
            greeting = _greeting(process)
            found = re.search(r"http://127\.0\.0\.1:\d+", greeting)
            assert found is not None, f"the demo printed no address: {greeting}"
            yield Demo(url=found[0], folder=folder, greeting=greeting, process=process)
        finally:
            process.kill()


def run_script(*code: str) -> subprocess.CompletedProcess[str]:
    """``demo --script``, or the code given, to its end."""
    command: Sequence[str] = ("-c", *code) if code else ("-m", "gateway", "demo", "--script")
    return subprocess.run(
        (sys.executable, *command), cwd=ROOT, capture_output=True, text=True, timeout=600, env=clean_environment()
    )


def clean_environment() -> dict[str, str]:
    """With settings of the real thing in it, which the demo must not touch."""
    return {**os.environ, "PYTHONUTF8": "1", "TOUSU_DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/real"}


def _greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)
