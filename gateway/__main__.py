"""``python -m gateway …``, installed as ``tousu``."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

# name: (module in gateway.commands, what it does). Modules are imported only when named: `normalize` must start fast.
COMMANDS = {
    "serve": ("serve", "start the gateway"),
    "demo": ("demo", "start it with simulated providers and a sandbox page; --script plays a scenario"),
    "migrate": ("migrate", "bring the database to this version's schema"),
    "normalize": ("normalize", "JSON lines in, records out"),
    "rules": ("rules", "which rules are in force; check a folder of own rules"),
    "read-mail": ("read_mail", "what the e-mail channel makes of mail files"),
    "read-letter": ("read_letter", "what the letter channel makes of scans"),
    "people": ("people", "who may sign in: add the first administrator, give a password, disable"),
    "ledger": ("ledger", "what arrived and what became of it; show quarantine, replay an item, check that it balances"),
    "audit": ("audit", "verify the chain of the audit trail"),
    "integrity": ("integrity", "open every sealed value, hash every item and file again"),
    "backup": ("backup", "database, files and keys into one file, while the gateway runs"),
    "restore": ("restore", "a backup into an empty database and folder, on either kind of database"),
    "retention": ("retention", "erase what need not be kept any longer; --dry-run only counts"),
    "keys": ("keys", "the keys that all is sealed with: status, rotate, retire"),
    "casefile": ("casefile", "check a signed case file; print the key that ours are checked with"),
    "wechat-menu": ("wechat_menu", "publish the menu of the official account"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 failed, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="tousu", description="Intake gateway for customer complaints")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, help_text) in COMMANDS.items():
        commands.add_parser(name, help=help_text, add_help=False)
    words = list(sys.argv[1:] if argv is None else argv)
    known = parser.parse_args(words[:1])
    module = importlib.import_module(f"gateway.commands.{COMMANDS[known.command][0]}")
    result: int = module.run(words[1:])
    return result


if __name__ == "__main__":
    sys.exit(main())
