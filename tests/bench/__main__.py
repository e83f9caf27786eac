"""``make bench``: what a message costs, against a bare handler in the same run; mails; memory at rest."""

from __future__ import annotations

import sys

from tests.bench import mail, memory, wechat

PARTS = {"wechat": wechat.run, "mail": mail.run, "memory": memory.run}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
