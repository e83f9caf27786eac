"""What an SMTP server's refusal, or its silence, means for a message of ours.

| what happened                                            | answer                                             |
|----------------------------------------------------------|----------------------------------------------------|
| no connection, line lost, no answer in time              | Retryable                                          |
| 421, 450, 451, 452 and every other 4xx                   | Retryable, not before its time below               |
| certificate, login 5xx, STARTTLS or AUTH not offered     | Misconfigured                                      |
| our sender refused 5xx, relaying denied, 530             | Misconfigured                                      |
| recipient refused 5xx: unknown, moved, disabled, full    | Unreachable: the person's next channel             |
| recipient or content refused for policy (5.7.x), 552, 554| Rejected with the code                             |
"""

from __future__ import annotations

import re
import ssl
from datetime import timedelta

import aiosmtplib

from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable

# Servers that throttle seldom say for how long; greylisting commonly asks five minutes.
NOT_BEFORE = {
    421: timedelta(minutes=1),
    450: timedelta(minutes=5),
    451: timedelta(minutes=5),
    452: timedelta(minutes=10),
}
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
RELAYING = re.compile(r"relay|not (permitted|allowed) to send|authenticat", re.I)
OURS_TO_MEND = frozenset({530, 534, 535, 538})


def meaning(error: BaseException) -> DeliveryError:
    """The delivery error that a failure of aiosmtplib stands for; texts of the server are not carried along."""
    if _is_certificate(error):
        return Misconfigured("the certificate of the SMTP server is not to be trusted")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _refused(error)
    if isinstance(error, TimeoutError | OSError | aiosmtplib.SMTPServerDisconnected):
        return Retryable(f"the SMTP server cannot be reached: {type(error).__name__}")
    if isinstance(error, aiosmtplib.SMTPException):
        # What is left (not supported, nothing in common to log in with) speaks of how the two sides are set up.
        return Misconfigured(f"the SMTP server does not offer what the settings ask for: {type(error).__name__}")
    return Retryable(f"sending broke off: {type(error).__name__}")


def _refused(error: aiosmtplib.SMTPResponseException) -> DeliveryError:
    code, words = error.code, _words(error)
    if 400 <= code < 500 or code < 0:
        return Retryable(f"the SMTP server answered {code}", after=NOT_BEFORE.get(code))
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) or code in OURS_TO_MEND:
        return Misconfigured(f"the SMTP server refused our login ({code})")
    if isinstance(error, aiosmtplib.SMTPSenderRefused | aiosmtplib.SMTPHeloError | aiosmtplib.SMTPConnectResponseError):
        return Misconfigured(f"the SMTP server refused us as a sender ({code})")
    if isinstance(error, aiosmtplib.SMTPRecipientRefused):
        return _recipient_refused(code, words)
    return Rejected(f"the SMTP server refused the message ({_shown(code, words)})", code=_shown(code, words))


def _recipient_refused(code: int, words: str) -> DeliveryError:
    enhanced = _enhanced(words)
    if RELAYING.search(words):
        return Misconfigured(f"the SMTP server does not relay for us ({_shown(code, words)})")
    if enhanced.startswith("5.7.") or code == 554:
        return Rejected(f"the SMTP server refused the recipient ({_shown(code, words)})", code=_shown(code, words))
    return Unreachable(f"no mail reaches this address ({_shown(code, words)})")


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__
    return False


def _words(error: aiosmtplib.SMTPResponseException) -> str:
    return error.message if isinstance(error.message, str) else ""


def _enhanced(words: str) -> str:
    found = ENHANCED.search(words)
    return found[1] if found else ""


def _shown(code: int, words: str) -> str:
    return f"{code} {_enhanced(words)}".strip()
