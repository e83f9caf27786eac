"""``make bench``: what a message or a call costs, against a bare handler; mails, letters; memory; the normalizer."""

from __future__ import annotations

import sys

from tests.bench import letters, mail, memory, normalizer, phone, queue, wechat

PARTS = {
    "wechat": wechat.run,
    "phone": phone.run,
    "mail": mail.run,
    "letters": letters.run,
    "memory": memory.run,
    "normalizer": normalizer.run,
    "queue": queue.run,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
