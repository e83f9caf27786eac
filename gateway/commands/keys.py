"""``keys status``: what lies under which key; ``keys rotate``: a new one in front; ``keys retire``: old ones out."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from gateway.app import open_gateway
from gateway.house import House
from gateway.operations.keys.rotating import NotYet, Standing, needless, retire, rotate, standing
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from store.crypto import new_secret

Work = Callable[[House], Awaitable[None]]

WHY = {
    "in_use": "every old secret still has values under it: let the gateway run, and look at `keys status`",
    "too_soon": "the ring was changed minutes ago: processes may not have read it yet; try again in ten minutes",
    "spooled": "items that came while the database was away still lie on this disk: let the gateway take them in first",
    "none_old": "there is no old secret",
}
BY_HAND = """TOUSU_SECRET_KEY holds the secrets here, so you set them, in two steps: no process may meet a key it lacks.
1. put ",{secret}" behind what every process has now, and restart them one after the other: the secret is known;
2. move it in front ("{secret}," and then the older ones), and restart them again: it is the current one.
Keep the older ones until `keys status` shows nothing under them. Nothing was changed by this command."""
OUT_BY_HAND = """TOUSU_SECRET_KEY holds the secrets here: number {places} (from 1) may go, in every process,
unless it is a new one that is about to move in front."""


def run(argv: Sequence[str]) -> int:
    """Exit code: 0 done, 1 not yet, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="tousu keys", description="The keys that everything is sealed with.")
    parser.add_argument("what", choices=("status", "rotate", "retire"))
    given = parser.parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    if given.what == "rotate" and settings.secret_key.get_secret_value():
        print(BY_HAND.format(secret=new_secret()))
        return 0
    try:
        asyncio.run(_with_house(settings, _work(settings, given.what)))
    except NotYet as not_yet:
        print(WHY[not_yet.why], file=sys.stderr)
        return 1
    return 0


async def _with_house(settings: Settings, work: Work) -> None:
    async with open_gateway(settings) as gateway:
        await work(gateway.house)


def _work(settings: Settings, what: str) -> Work:
    async def rotating(house: House) -> None:
        key = await rotate(house, settings.data_dir)
        print(f"{key} is the current key. Back up the key file now: without it nothing new can be read.")

    async def retiring(house: House) -> None:
        print(f"retired: {', '.join(await retire(house, settings.data_dir))}. Older backups still need them.")

    by_hand = bool(settings.secret_key.get_secret_value())
    return {"status": _status, "rotate": rotating, "retire": _retire_by_hand if by_hand else retiring}[what]


async def _status(house: House) -> None:
    now = await standing(house)
    print("key\tstate\tvalues\tfiles")
    for key in sorted(now.found.values | now.found.files | dict.fromkeys(now.keys, 0)):
        print(f"{key or '-'}\t{_state(now, key)}\t{now.found.values[key]}\t{now.found.files[key]}")


def _state(now: Standing, key: str) -> str:
    if key not in now.keys:
        return "unknown"  # damaged, or a secret that is missing here
    if key == now.keys[0]:
        return "current"
    return "idle: may be retired" if key in now.idle else "old"


async def _retire_by_hand(house: House) -> None:
    places = (await needless(house)).values()
    print(OUT_BY_HAND.format(places=", ".join(map(str, places))))
