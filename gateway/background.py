"""What the gateway does by itself, beside answering those who call it.

Of several gateways on one database, one listens at a time, and one goes each round that only time brings about: their
work is the same whoever does it (``gateway/turns.py``). What follows its own leases, row by row, or looks after this
process alone runs in each of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from gateway import parts
from gateway.app import Gateway
from gateway.casework.acts.duplicates import DuplicatesRound
from gateway.casework.clocks.round import ClockRound
from gateway.casework.emergency.round import EmergencyRound
from gateway.casework.finding import Finding
from gateway.casework.retention.round import RetentionRound
from gateway.delivery.held import HeldRound
from gateway.events.round import EndpointsRound
from gateway.house import House
from gateway.intake.silence import remind_the_silent
from gateway.memory import forget
from gateway.operations.calls import CallsRound
from gateway.operations.keys.round import KeysRound, read_ring_again
from gateway.operations.origins import OriginsRound
from gateway.operations.rules import RulesRound
from gateway.staff.signin.first import first_steps
from gateway.turns import Work
from normalizer.normalize import warm_up

log = structlog.get_logger(__name__)

ROUND_SECONDS = 30.0  # how often unanswered questions and left-behind items are looked for


async def start_background_work(gateway: Gateway) -> None:
    """Listening, delivering, fetching, reminding: each supervised under its own name.

    On a database of our own, what a predecessor had claimed when it was killed is due again.
    """
    await asyncio.to_thread(warm_up)  # the rules are compiled before somebody waits for it
    await gateway.house.store.recover()
    gateway.supervisor.start("first-steps", partial(_advise, gateway.house))
    for name, work in _everywhere(gateway).items():
        gateway.supervisor.start(name, work)
    for name, work in _one_at_a_time(gateway).items():
        gateway.supervisor.start(name, partial(gateway.turns.tend, name, work))


async def _advise(house: House) -> None:
    """Where nobody can sign in yet. Supervised, for the database may go away while we start."""
    if told := await first_steps(house):
        log.warning("nobody_can_sign_in", advice=told)


def _everywhere(gateway: Gateway) -> dict[str, Work]:
    """What each process does, however many there are."""
    house = gateway.house
    return {
        # Workers take rows by leases of their own: the more of them, the sooner a message leaves.
        **{f"deliver-{name}": partial(gateway.worker.run, name) for name in gateway.senders},
        "fetch": gateway.fetching.run,
        "hear": gateway.hearing.run,
        "drain": gateway.spooling.drain.run,  # what this very process put on its disk
        # What this process knows by heart: whom it tells of changes, and the rules that it reads by.
        "subscribers": gateway.subscribers.run,
        "rules-of-the-day": _again_and_again(RulesRound(house.settings.rules, house.clock).go),
        # A new secret in front of the ring: each seals with it from then on.
        "key-ring": _again_and_again(partial(read_ring_again, house)),
        # Its own settings may have been mended by its start, so its first round tries what others hold.
        "origins": _again_and_again(OriginsRound(gateway.channels, house.clock).go),
        "try-held": _again_and_again(HeldRound(house).go),
        # Complaints that this process heard of, in a queue in its memory.
        **({"read-along": gateway.reader.run} if gateway.reader is not None else {}),
    }


def _one_at_a_time(gateway: Gateway) -> dict[str, Work]:
    """What would only be done twice by two. Channels that have nothing to fetch are through with it at once."""
    listening: dict[str, Work] = {
        f"listen-{name}": partial(channel.listen, gateway.spooling.inbox) for name, channel in gateway.channels.items()
    }
    return listening | {name: _again_and_again(work) for name, work in _rounds(gateway).items()}


def _rounds(gateway: Gateway) -> dict[str, Callable[[], Awaitable[object]]]:
    """What time alone brings about. Each is supervised by itself: one that fails stops none of the others."""
    house = gateway.house
    return {
        "remind": partial(remind_the_silent, house),
        "resume": gateway.replayer.resume,
        "calls": CallsRound(house, gateway.inbox, parts.lines(gateway.channels)).go,
        "forget": partial(forget, house),
        "clocks": ClockRound(house).go,
        "emergencies": EmergencyRound(house).go,
        "duplicates": DuplicatesRound(house=house).go,
        "finding": Finding(house).go,
        "endpoints": EndpointsRound(house, gateway.subscribers).go,
        "keys": KeysRound(house).go,
        "retention": RetentionRound(house).go,
        "balance": gateway.balance.go,
        "sessions": gateway.reception.sessions.go,
    }


def _again_and_again(work: Callable[[], Awaitable[object]]) -> Work:
    async def rounds() -> None:
        while True:
            await work()
            await asyncio.sleep(ROUND_SECONDS)

    return rounds
