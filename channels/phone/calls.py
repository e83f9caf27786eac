"""What Twilio says of a call, in our words.

https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from channels.base import CallReport, CallState
from channels.errors import Unreadable
from channels.phone.settings import NUMBER, SID
from channels.phone.signature import Form
from normalizer.record import NOBODY, Contact, ContactKind

CHANNEL = "phone"
MOST_STEPS = 9_999
OLDEST_REPORT = timedelta(days=2)
LONGEST_CALL = 7 * 24 * 3600

STATES: Mapping[str, CallState] = MappingProxyType(
    {
        "queued": CallState.RINGING,
        "initiated": CallState.RINGING,
        "ringing": CallState.RINGING,
        "answered": CallState.IN_PROGRESS,
        "in-progress": CallState.IN_PROGRESS,
        "completed": CallState.COMPLETED,
        "busy": CallState.BUSY,
        "failed": CallState.FAILED,
        "no-answer": CallState.NO_ANSWER,
        "canceled": CallState.CANCELED,
    }
)
# ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE as keyed on a telephone, some with a country code before them.
WITHHELD = re.compile(r"\+?(?:1|86)?(?:266696687|7378742833|2562533|8656696|282452253)")
SIP = re.compile(r"sips?:(\+?\d{3,15})@.*")  # a carrier's trunk names callers so


def sid_of(form: Form, name: str = "CallSid") -> str:
    """The id of the call, or of another thing at Twilio. Raises Unreadable."""
    sid = form.get(name, "")
    if not SID.fullmatch(sid):
        raise Unreadable(f"no {name}")
    return sid


def step_of(query: Mapping[str, str]) -> int:
    """Which step of the call this is: our own word, in an address that Twilio signed. Raises Unreadable."""
    told = query.get("n", "")
    if not (told.isascii() and told.isdigit() and len(told) <= 4 and 0 < int(told) <= MOST_STEPS):
        raise Unreadable("no step")
    return int(told)


def contact_of(number: str) -> Contact:
    """The person at this number; nobody when it is withheld or none."""
    told = number.strip()
    sip = SIP.fullmatch(told)
    told = sip[1] if sip else told
    if not NUMBER.fullmatch(told) or not told.isascii() or WITHHELD.fullmatch(told):
        return NOBODY
    return Contact(kind=ContactKind.PHONE, value=told)


def is_outgoing(form: Form) -> bool:
    return form.get("Direction", "").startswith("outbound")


def state_of(form: Form) -> CallState | None:
    return STATES.get(form.get("CallStatus", ""))


def is_over(form: Form) -> bool:
    state = state_of(form)
    return state is not None and state.over


def is_status(form: Form) -> bool:
    """A report on a call that came to the address of new calls: operators do give Twilio the same for both."""
    return is_over(form) or form.get("CallbackSource") == "call-progress-events"


def report_of(form: Form, now: datetime) -> CallReport:
    """How the call stands. Raises Unreadable."""
    state = state_of(form)
    if state is None:
        raise Unreadable("no state of a call")
    outgoing = is_outgoing(form)
    return CallReport(
        channel=CHANNEL,
        call=sid_of(form),
        state=state,
        at=moment_of(form.get("Timestamp", ""), now),
        other=contact_of(form.get("To" if outgoing else "From", "")),
        outgoing=outgoing,
        seconds=seconds_of(form.get("CallDuration", "")) if state.over else None,
    )


def moment_of(told: str, now: datetime) -> datetime:
    """A time by RFC 2822; now, when it is none or cannot be true."""
    try:
        moment = parsedate_to_datetime(told)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return now
    return moment if now - OLDEST_REPORT <= moment <= now else now


def seconds_of(told: str) -> int | None:
    """A length in whole seconds; None when it is not told, or nonsense (Twilio has said -1)."""
    whole = told.isascii() and told.isdigit() and len(told) <= 6
    return int(told) if whole and int(told) <= LONGEST_CALL else None
