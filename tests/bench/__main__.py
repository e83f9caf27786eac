"""``make bench``: what a message or a call costs, against a bare handler; mails; memory at rest; the normalizer."""

from __future__ import annotations

import sys

from tests.bench import mail, memory, normalizer, phone, wechat

PARTS = {"wechat": wechat.run, "phone": phone.run, "mail": mail.run, "memory": memory.run, "normalizer": normalizer.run}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
