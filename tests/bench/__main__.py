"""``make bench``: speed as ratios within one run. One part: ``python -m tests.bench growth=1000,1000000``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import (
    growth,
    letters,
    mail,
    memory,
    normalizer,
    outgoing,
    overload,
    pair,
    phone,
    queue,
    steady,
    wechat,
)

PARTS: dict[str, Callable[..., None]] = {
    "wechat": wechat.run,
    "phone": phone.run,
    "mail": mail.run,
    "letters": letters.run,
    "outbox": outgoing.run,
    "two": pair.run,
    "overload": overload.run,
    "memory": memory.run,
    "steady": steady.run,
    "normalizer": normalizer.run,
    "queue": queue.run,
    "growth": growth.run,
}

if __name__ == "__main__":
    for each in sys.argv[1:] or PARTS:
        name, _, words = each.partition("=")
        PARTS[name](*filter(None, words.split(",")))
