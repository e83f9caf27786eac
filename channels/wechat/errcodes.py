"""WeChat's errcodes → what to do about them.

Global return codes: https://developers.weixin.qq.com/doc/service/guide/dev/errorcode.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991; needs no zone files


class Action(StrEnum):
    AGAIN = "again"  # WeChat is busy: later, with back-off
    SLOWER = "slower"  # too many in this minute
    TOMORROW = "tomorrow"  # the day's quota of this interface is used up
    TOKEN = "token"  # the access token is not (or no longer) good
    WINDOW = "window"  # the person's window is shut or used up; opens when they write
    FOLLOW = "follow"  # opens when the person follows, or grants a notice, again
    REFUSED = "refused"  # this person will not have it here
    OURS = "ours"  # our settings or rights are wrong: a person must mend them
    MESSAGE = "message"  # this message is wrong, and will be wrong next time


ACTIONS: Mapping[int, Action] = MappingProxyType(
    {
        -1000: Action.AGAIN,
        -1: Action.AGAIN,
        40001: Action.TOKEN,
        40014: Action.TOKEN,
        42001: Action.TOKEN,
        40003: Action.REFUSED,  # no such openid with this account
        43019: Action.REFUSED,  # on our own blacklist
        48002: Action.REFUSED,
        43004: Action.FOLLOW,
        43101: Action.FOLLOW,  # no subscription grant left
        50005: Action.FOLLOW,
        45015: Action.WINDOW,
        45047: Action.WINDOW,
        45009: Action.TOMORROW,
        45011: Action.SLOWER,
        40013: Action.OURS,  # app id
        40037: Action.OURS,  # template id
        40125: Action.OURS,  # app secret
        40164: Action.OURS,  # our address is not on the account's IP list
        40243: Action.OURS,  # app secret frozen
        41001: Action.OURS,
        41002: Action.OURS,
        41004: Action.OURS,
        48001: Action.OURS,  # the account has no right to this interface
        48004: Action.OURS,  # interface closed to us for a breach of rules
        50002: Action.OURS,  # account limited
        61004: Action.OURS,
        89503: Action.OURS,  # address waits for the administrator's consent
        40007: Action.MESSAGE,  # media gone (3 days) or never there
        44004: Action.MESSAGE,
        45002: Action.MESSAGE,  # too long
        45008: Action.MESSAGE,
        47001: Action.MESSAGE,
        47003: Action.MESSAGE,  # a template field is not as its type demands
    }
)


def action_for(code: int) -> Action:
    """What to do about a code that no table of ours holds: an unknown refusal is a refusal of this message.

    Trying the same again against a rule we do not know burns the person's few messages and may tell them twice;
    Rejected shows the code to staff, and the message stays in the outbox for them to send again. WeChat's negative
    codes are troubles on its side, and pass.
    """
    return ACTIONS.get(code, Action.AGAIN if code < 0 else Action.MESSAGE)


def error_for(code: int, *, now: datetime, what: str = "WeChat") -> DeliveryError:
    """The answer of ours to one errcode; the code itself is in the message, WeChat's text (it may quote us) is not."""
    said = f"{what} says {code}"
    match action_for(code):
        case Action.AGAIN:
            return Retryable(said)
        case Action.SLOWER:
            return Retryable(said, after=timedelta(minutes=1))
        case Action.TOMORROW:
            return Retryable(said, after=next_day(now) - now)
        case Action.WINDOW | Action.FOLLOW:
            return Unreachable(said, until_contact=True)
        case Action.REFUSED:
            return Unreachable(said)
        case Action.TOKEN | Action.OURS:
            return Misconfigured(said)
        case Action.MESSAGE:
            return Rejected(said, code=str(code))


def next_day(now: datetime) -> datetime:
    """When WeChat counts a day's calls anew: midnight in China."""
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
