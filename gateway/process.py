"""Which process this is, and whether another one of the same machine is still there."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

BOOT = Path("/proc/sys/kernel/random/boot_id")
NUMBERS = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True)
class Process:
    """Who tends something. ``place`` tells whose process numbers mean the same as ours: containers may share a host
    name, and count their processes each for itself.
    """

    host: str
    pid: int
    place: str
    mark: str  # also two gateways of one process are two

    def __str__(self) -> str:
        return f"{self.host}/{self.pid}/{self.place}/{self.mark}"

    @property
    def short(self) -> str:
        """For people."""
        return f"{self.host}/{self.pid}"

    def sees_dead(self, other: Process) -> bool:
        """Was it a process beside us that is gone, as after kill -9? Of other places we cannot know: it runs out."""
        return bool(self.place) and self.place == other.place and not _is_running(other.pid)


def this_process() -> Process:
    return Process(_plain(socket.gethostname()), os.getpid(), _place(), uuid4().hex[:8])


def process_of(told: str) -> Process | None:
    """The one that wrote its name; None for nobody, and for a name that is none of ours."""
    host, *rest = told.split("/")
    if len(rest) != 3 or not rest[0].isdecimal():
        return None
    return Process(host, int(rest[0]), rest[1], rest[2])


def _plain(name: str) -> str:
    return name.replace("/", "-")[:80]


def _place() -> str:
    """This boot of this machine and its numbering of processes; empty where the system does not tell."""
    try:
        return f"{BOOT.read_text().strip()[:13]}-{NUMBERS.stat().st_ino}"
    except OSError:
        return ""


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
