"""``casefile verify FILE``: does a case file hold what was signed? ``casefile key``: the key that checks ours."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.parts import open_store
from gateway.reports.casefile.bundle import pem
from gateway.reports.casefile.verify import NotAKey, Verdict, read_key, verify
from gateway.settings import Settings
from store.errors import StoreError


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tousu casefile", description="Case files: check one, or tell our key.")
    commands = parser.add_subparsers(dest="what", required=True)
    checking = commands.add_parser("verify", help="check every hash and the signature; exit code 1 when one is wrong")
    checking.add_argument("file", type=Path)
    checking.add_argument("--key", type=Path, help="public key (PEM) of whoever must have signed it")
    commands.add_parser("key", help="print the public key of this gateway's case files")
    given = parser.parse_args(argv)
    try:
        return _verify(given.file, given.key) if given.what == "verify" else _key(Settings())
    except (OSError, NotAKey, StoreError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _verify(file: Path, key: Path | None) -> int:
    verdict = verify(file, read_key(key.read_bytes()) if key else None)
    for problem in verdict.problems:
        print(problem, file=sys.stderr)
    if not verdict.problems:
        _praise(verdict, known=key is not None)
    return 1 if verdict.problems else 0


def _praise(verdict: Verdict, *, known: bool) -> None:
    print(f"{verdict.number}: {verdict.files} files as they were signed, key {verdict.key}")
    if not known:
        print("Signed by whoever has the key inside; give --key to know who that is.")


def _key(settings: Settings) -> int:
    print(asyncio.run(_public_key(settings)), end="")
    return 0


async def _public_key(settings: Settings) -> str:
    """The database knows what it signs with, whatever secrets have come and gone."""
    store = await open_store(settings)
    try:
        return pem(store.keyring.public_key()).decode()
    finally:
        await store.aclose()
