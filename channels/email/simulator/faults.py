"""What goes wrong with real mail servers, to order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a server misbehaves instead of answering a command."""

    REFUSE = "refuse"  # answers NO, or with the SMTP answer given
    BYE = "bye"  # says goodbye and closes
    RESET = "reset"  # the line is torn (RST)
    SILENCE = "silence"  # takes the command and never answers
    CUT = "cut"  # breaks off in the middle of a mail (IMAP FETCH)
    DRIP = "drip"  # a byte at a time, for ever
    LOSE_ANSWER = "lose_answer"  # does what it was told, then tears the line before the answer


@dataclass(kw_only=True, slots=True)
class Planned:
    command: str
    kind: Kind
    skip: int
    times: int
    answer: str
    about: str


class Faults:
    """A list of things that will go wrong; each is used up by happening."""

    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self.happened: list[tuple[str, Kind]] = []

    def plan(
        self, command: str, kind: Kind, *, skip: int = 0, times: int = 1, answer: str = "", about: str = ""
    ) -> None:
        """``command`` as sent ("FETCH", "UID MOVE", "RCPT", "DATA"); ``about`` must occur in its arguments."""
        self._planned.append(Planned(command=command, kind=kind, skip=skip, times=times, answer=answer, about=about))

    def clear(self) -> None:
        self._planned.clear()

    def due(self, command: str, arguments: str = "") -> Planned | None:
        """The fault that this command meets, if any."""
        for planned in self._planned:
            if planned.command == command and planned.about in arguments and planned.times > 0:
                if planned.skip > 0:
                    planned.skip -= 1
                    return None
                planned.times -= 1
                self.happened.append((command, planned.kind))
                return planned
        return None
