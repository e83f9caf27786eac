"""Twilio's error codes → what to do about them, at once (REST) and later (a message's status).

https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable

ASK_FIRST = timedelta(minutes=1)  # until the provider's list surely shows what it took


class Unknown(Retryable):
    """The request may have arrived, and nobody told us what became of it: look before it is sent again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, after=ASK_FIRST)


class Shut(Unreachable):
    """This way to the number is shut; another way may be open."""


class Kind(StrEnum):
    AGAIN = "again"  # later, with back-off
    WAY = "way"  # this way is shut: a call where no text arrives, and the other way round
    PERSON = "person"  # this number, or its owner, takes nothing from us
    MESSAGE = "message"  # this message is wrong, and will be wrong next time
    OURS = "ours"  # our settings, account or rights are wrong: a person must mend them


KINDS: Mapping[int, Kind] = MappingProxyType(
    {
        14107: Kind.AGAIN,  # too many messages in this second
        20429: Kind.AGAIN,
        20500: Kind.AGAIN,
        20503: Kind.AGAIN,
        21611: Kind.AGAIN,  # our number's queue is full
        30001: Kind.AGAIN,  # queue overflow
        30003: Kind.AGAIN,  # handset off or out of reach
        30008: Kind.AGAIN,
        30017: Kind.AGAIN,  # the carrier is congested
        13227: Kind.WAY,  # no permission to call this country
        21215: Kind.WAY,
        21408: Kind.WAY,  # no permission to text this country
        21612: Kind.WAY,  # no route for texts from our number
        21614: Kind.WAY,  # not a mobile number
        30006: Kind.WAY,  # a landline
        32205: Kind.WAY,
        21211: Kind.PERSON,  # no such number
        21214: Kind.PERSON,
        21217: Kind.PERSON,
        21610: Kind.PERSON,  # answered STOP
        30004: Kind.PERSON,  # blocked
        30005: Kind.PERSON,  # no such handset
        21602: Kind.MESSAGE,  # nothing in it
        21605: Kind.MESSAGE,  # too long
        21617: Kind.MESSAGE,
        21619: Kind.MESSAGE,
        30007: Kind.MESSAGE,  # filtered for its words
        30034: Kind.MESSAGE,  # sent from a number that is not registered for such messages
        10001: Kind.OURS,  # account not active
        20003: Kind.OURS,  # login
        20005: Kind.OURS,
        20008: Kind.OURS,  # test credentials
        20404: Kind.OURS,  # no such account; where a call or recording was asked for, the client knows better
        21205: Kind.OURS,  # our public address is none
        21210: Kind.OURS,  # our number is not verified
        21212: Kind.OURS,  # our number is none
        21219: Kind.OURS,  # a trial account calls verified numbers only
        21603: Kind.OURS,
        21606: Kind.OURS,  # our number cannot text
        21608: Kind.OURS,  # a trial account texts verified numbers only
        21609: Kind.OURS,  # our public address is none
        21659: Kind.OURS,  # our number is not ours
        30002: Kind.OURS,  # account suspended
    }
)


def kind_of(status: int, code: int) -> Kind:
    """What to do about a refusal: its code decides, where a table of ours holds it, else the HTTP status.

    An unknown refusal is a refusal of this message: staff see the code, and can send it again.
    """
    if code in KINDS:
        return KINDS[code]
    if status >= 500 or status in (408, 429):
        return Kind.AGAIN
    return Kind.MESSAGE if status in range(400, 500) and status not in (401, 403, 404) else Kind.OURS


def error_for(status: int, code: int, *, after: timedelta | None = None) -> DeliveryError:
    """The answer of ours to one refusal; Twilio's text, which may quote numbers, is not in it."""
    said = f"Twilio says {code}" if code else f"Twilio answers HTTP {status}"
    match kind_of(status, code):
        case Kind.AGAIN:
            return Retryable(said, after=after)
        case Kind.WAY:
            return Shut(said)
        case Kind.PERSON:
            return Unreachable(said)
        case Kind.MESSAGE:
            return Rejected(said, code=str(code or status))
        case Kind.OURS:
            return Misconfigured(said)


def blocks(code: int) -> bool:
    """Did a message that Twilio gave up on fail for the number, so that the person's next channel may do better?"""
    return KINDS.get(code) in (Kind.AGAIN, Kind.WAY, Kind.PERSON)
