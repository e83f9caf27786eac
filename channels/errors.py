"""What can go wrong at a channel's border: one class for each decision its caller must make.

ChannelError
├── Unauthentic          forged or unsigned               → 403, counted, not stored
├── Unreadable           authentic, not understood        → kept whole, a stub for staff, acknowledged
├── NotNow               authentic, our reader is away    → stays as it is, tried again
└── DeliveryError
    ├── Retryable(after) line down, 5xx, throttled        → again with back-off, then …
    ├── Unreachable      blocked, unsubscribed, window shut, country not served → the person's next channel
    ├── Rejected(code)   this message will never pass     → staff are told
    └── Misconfigured    our key, our account             → held, alarm
"""

from __future__ import annotations

from datetime import timedelta


class ChannelError(Exception):
    """Something at the border of a channel went wrong."""


class Unauthentic(ChannelError):
    """The item does not carry the proof that its sender claims."""


class Unreadable(ChannelError):
    """The item is authentic, but we do not understand it; it is kept whole for a person."""


class NotNow(ChannelError):
    """The item is authentic, but cannot be read just now; it stays and is tried again."""


class DeliveryError(ChannelError):
    """A message did not leave."""


class Retryable(DeliveryError):
    """The same message may pass later."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after  # the provider's own wish, if it told one


class Unreachable(DeliveryError):
    """This person cannot be reached here now; another channel may do."""

    def __init__(self, reason: str, *, until_contact: bool = False) -> None:
        super().__init__(reason)
        self.until_contact = until_contact  # the way opens again when the person next writes


class Rejected(DeliveryError):
    """This message will never pass."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class Misconfigured(DeliveryError):
    """Our key, our account or our settings are wrong; a person must mend them."""
