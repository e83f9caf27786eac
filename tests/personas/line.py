"""What a caller hears and sees of their calls, and what the carrier knows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels.phone.simulator import Call, PhoneSimulator
from normalizer.record import Contact, ContactKind

KEY = re.compile(r"\{KEY:([^}]+)\}")


@dataclass(kw_only=True, slots=True)
class Line:
    """The calls of one person, the last of which may be open."""

    telephone: PhoneSimulator
    made: list[Call] = field(default_factory=list)

    @property
    def call(self) -> Call:
        return self.made[-1]

    @property
    def waits(self) -> bool:
        return bool(self.made) and self.call.waits_for is not None

    def takes(self, kind: str) -> bool:
        """A <Gather> for keys only does not hear words; the other verbs take what comes."""
        wait = self.call.waits_for
        return wait is not None and (wait.verb != "gather" or kind in wait.input)

    @property
    def on_tape(self) -> bool:
        return self.call.waits_for is not None and self.call.waits_for.verb == "record"

    @property
    def ctx(self) -> Mapping[str, Any]:
        """How the bot waits: answering.md section 2."""
        wait = self.call.waits_for
        verb = wait.verb if wait else ""
        gather = list(wait.input) if wait and verb == "gather" else []
        return {"gather": gather, "record": verb == "record", "dial": verb == "dial", "hangup": self.call.ended}

    @property
    def said(self) -> Sequence[str]:
        """Every bot text of every call."""
        return [text for call in self.made for text in call.said]

    def with_keys(self, told: dict[str, Any]) -> dict[str, Any]:
        """The message with the keys that the bot named in place of ``{KEY:word}``."""
        return told | {"digits": KEY.sub(self._named, str(told["digits"]))} if "digits" in told else told

    def _named(self, word: re.Match[str]) -> str:
        """The key for this word, in whichever order the two were said; none when it was not offered."""
        said, name = self.call.last_said, re.escape(word[1])
        found = re.search(rf"{name}[^\d。.]*(\d)", said) or re.search(rf"(\d)[^\d。.]*{name}", said)
        return found[1] if found else ""

    @property
    def numbers(self) -> Iterator[Contact]:
        """What the person calls from."""
        for number in dict.fromkeys(call.from_ for call in self.made):
            if number.startswith("+"):
                yield Contact(kind=ContactKind.PHONE, value=number)

    @property
    def recordings(self) -> int:
        tapes = [tape for call in self.made for tape in self.telephone.exchange.tapes.of(call)]
        return sum(1 for tape in tapes if tape.status == "completed")

    @property
    def faults(self) -> list[str]:
        """What the carrier's debugger would show, and each answer of ours that was an error."""
        errors = [f"{error.code} {error.text}" for call in self.made for error in call.errors]
        for at, request in enumerate(self.telephone.lines):
            if request.kind != "rest" and not 200 <= request.status < 300:
                where = request.url.split("?")[0]
                errors.append(f"request {at}: {request.method} {where} was answered with {request.status}")
        return errors
