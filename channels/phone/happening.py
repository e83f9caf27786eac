"""Whatever happens on the line, as it is kept: what Twilio told, and what only we know of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from channels.errors import Unreadable
from channels.phone.calls import sid_of
from channels.phone.signature import Form


class Kind(StrEnum):
    CALL = "call"  # the call begins
    STEP = "step"  # said, keyed, recorded, put through: the caller's turn is over
    PARTIAL = "partial"  # said, but the line was gone before the turn was over
    END = "end"  # the call is over
    RECORDING = "recording"  # a recording can be fetched
    STRANGE = "strange"  # Twilio signed it, and we do not understand it


class After(StrEnum):
    """What the step came after."""

    GATHER = ""
    RECORD = "record"
    DIAL = "dial"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One item: what Twilio told, and what only we know of it."""

    kind: Kind
    form: Form
    n: int = 0
    after: After = After.GATHER
    caller: str = ""  # of a recording, which does not say whose it is
    words: str = ""  # of a partial
    fault: str = ""  # of what is strange

    @property
    def raw(self) -> bytes:
        told = {"kind": self.kind, "n": self.n, "after": self.after, "caller": self.caller, "words": self.words}
        return json.dumps(told | {"fault": self.fault, "form": dict(sorted(self.form.items()))}).encode()

    @property
    def key(self) -> str:
        """Twilio's retry of a step has the same call and number, whatever else it says. Raises Unreadable.

        Words of a turn that broke off are not the turn: it may come whole after them.
        """
        match self.kind:
            case Kind.RECORDING:
                return f"recording:{sid_of(self.form, 'RecordingSid')}"
            case Kind.END:
                return f"{sid_of(self.form)}:end"
            case Kind.PARTIAL:
                return f"{step_key(sid_of(self.form), self.n)}:partial"
            case Kind.STRANGE:
                return f"raw:{hashlib.sha256(self.raw).hexdigest()[:40]}"
        return step_key(sid_of(self.form), self.n)


def step_key(call: str, n: int) -> str:
    return f"{call}:{n}"


def read_raw(raw: bytes) -> Happening:
    """The happening that was kept as these bytes. Raises Unreadable."""
    try:
        told = json.loads(raw)
        return Happening(
            kind=Kind(told["kind"]),
            form={str(name): str(value) for name, value in told["form"].items()},
            n=int(told["n"]),
            after=After(told["after"]),
            caller=str(told["caller"]),
            words=str(told["words"]),
            fault=str(told["fault"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable(f"not a happening of ours: {type(error).__name__}") from error


def after_of(kind: str, form: Form) -> After:
    """What the step came after, by our own word in the address, or by what only one verb tells."""
    if kind == After.DIAL or "DialCallStatus" in form:
        return After.DIAL
    if kind == After.RECORD or "RecordingSid" in form or "RecordingUrl" in form:
        return After.RECORD
    return After.GATHER
