"""How long the channel remembers what it notes beside its items."""

from __future__ import annotations

from datetime import timedelta

OF_A_CALL = timedelta(days=8)  # a call that broke off can be gone on with for seven
OF_A_MESSAGE = timedelta(days=30)  # word of a text may come late; attempts at a message end long before
