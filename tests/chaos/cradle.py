"""The process in which gateways are born: all is imported once, and each life is a fork that serves as ``serve`` does.

A life then begins within a second, also on a busy machine. Commands are lines of JSON on standard input:
``{"settings": {…}, "log": "path"}``. Told on standard output: ``{"born": pid}``, and ``{"gone": pid, "code": n}``
for each that has ended, negative where a signal ended it. With the end of standard input all lives end.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from types import FrameType
from typing import Any, NoReturn

from gateway.__main__ import main as gateway
from gateway.commands import serve
from normalizer.normalize import warm_up
from tests.chaos.dress import dress

OURS = ("TOUSU_", "CHAOS_")
ALIVE: set[int] = set()

assert serve  # imported here, so that no life has to


def main() -> None:
    warm_up()
    signal.signal(signal.SIGCHLD, _bury)
    _say({"ready": True})
    for line in sys.stdin.buffer:
        _bear(json.loads(line))
    for pid in list(ALIVE):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _bear(order: dict[str, Any]) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    pid = os.fork()
    if pid == 0:
        _live(order["settings"], order["log"])
    ALIVE.add(pid)
    _say({"born": pid})
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _bury(_number: int, _frame: FrameType | None) -> None:
    """At once: a dead process that nobody has buried still has its number, and would count as running."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            ALIVE.discard(pid)
            _say({"gone": pid, "code": os.waitstatus_to_exitcode(status)})


def _live(settings: dict[str, str], log: str) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _own_lines(log)
        for name in [name for name in os.environ if name.startswith(OURS)]:
            del os.environ[name]
        os.environ.update(settings)
        dress(os.environ)
        code = gateway(["serve"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _own_lines(log: str) -> None:
    """Not those by which the cradle is spoken to."""
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)):
        line = os.open(path, flags, 0o600)
        os.dup2(line, number)
        os.close(line)
    os.dup2(1, 2)


def _say(told: dict[str, Any]) -> None:
    """In one write, which no signal interrupts."""
    os.write(1, json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
