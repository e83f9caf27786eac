"""What the platform refuses, by number and country."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.phone.simulator.habits import Habits

E164 = re.compile(r"\+[1-9]\d{6,14}")
# Numbers whose form says that no text message reaches them: mainland China's and Hong Kong's fixed lines.
FIXED = re.compile(r"\+86(?!1[3-9]\d{9}$)\d+|\+852[23]\d{7}")
LINK = re.compile(r"https?://|www\.|[a-z0-9-]\.(?:com|cn|net|org|hk|example)\b", re.IGNORECASE)
LONGEST_SMS = 1_600

FILTERED = 30007


@dataclass(frozen=True, slots=True)
class Refused:
    """An HTTP 400 with this code."""

    code: int
    message: str


def refuse_call(to: str, from_: str, own: str, habits: Habits) -> Refused | None:
    if refused := _bad_number(to):
        return refused
    if from_ != own:
        return Refused(21210, f"The source phone number provided, {from_}, is not yet verified for your account.")
    if to.startswith(tuple(habits.no_calls_to)):
        return Refused(21215, f"Account not authorized to call {to}. Perhaps you need to enable geo permissions.")
    return None


def refuse_sms(to: str, from_: str, body: str, own: str, habits: Habits) -> Refused | None:
    if refused := _bad_number(to):
        return refused
    if not from_:
        return Refused(21603, "A 'From' phone number is required.")
    if from_ != own:
        return Refused(21606, f"The 'From' phone number {from_} is not a valid, SMS-capable number.")
    return _bad_body(body) or _unreached(to, habits)


def _bad_number(to: str) -> Refused | None:
    if not to:
        return Refused(21604, "A 'To' phone number is required.")
    if not E164.fullmatch(to) or to.endswith("0001"):
        return Refused(21211, f"The 'To' number {to} is not a valid phone number.")
    return None


def _bad_body(body: str) -> Refused | None:
    if not body:
        return Refused(21602, "Message body is required.")
    if len(body) > LONGEST_SMS:
        return Refused(21617, "The concatenated message body exceeds the 1600 character limit.")
    return None


def _unreached(to: str, habits: Habits) -> Refused | None:
    if to in habits.opted_out:
        return Refused(21610, "Attempt to send to unsubscribed recipient")
    if habits.no_sms_to and to.startswith(tuple(habits.no_sms_to)):
        return Refused(21408, f"Permission to send an SMS has not been enabled for the region indicated by {to}.")
    if to in habits.landlines or FIXED.fullmatch(to):
        return Refused(21614, f"'To' number {to} is not a valid mobile number.")
    return None


def lost_on_the_way(to: str, body: str, habits: Habits) -> int:
    """The ErrorCode of an accepted message that never arrives; 0: it does."""
    if code := habits.undeliverable.get(to):
        return code
    if to.startswith("+86") and (LINK.search(body) or not _approved(body, habits.sms_templates)):
        return FILTERED
    return 0


def _approved(body: str, templates: list[str]) -> bool:
    """Does the body follow a template, whatever stands in its {places}?"""
    patterns = (".+".join(re.escape(part) for part in re.split(r"\{\w*\}", template)) for template in templates)
    return any(re.fullmatch(pattern, body, re.DOTALL) for pattern in patterns)
