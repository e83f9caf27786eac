"""The composition root: the only file that names concrete classes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import web

from channels import BUILDERS
from channels.base import Channel, Clock, Fetcher, Line, Mailroom, Means, Off
from gateway.clock import SystemClock
from gateway.console.pages import ConsolePages
from gateway.customers.progress import ProgressPage
from gateway.delivery.fetching import FetchingWorker
from gateway.delivery.held import HeldRound
from gateway.delivery.webhook import WebhookSender
from gateway.delivery.worker import DeliveryWorker, Sender
from gateway.hearing import configured as recogniser
from gateway.hearing.item import PREFIX as WORDS
from gateway.hearing.item import read_words
from gateway.hearing.port import Transcriber
from gateway.hearing.worker import HearingWorker
from gateway.house import House
from gateway.intake.directory import CsvDirectory, NoDirectory, PolicyDirectory, SqlDirectory
from gateway.intake.inbox import GatewayInbox
from gateway.intake.paging import WEBHOOK
from gateway.intake.paper.item import PREFIX as LOOKS
from gateway.intake.paper.item import read_look
from gateway.intake.silence import remind_the_silent
from gateway.memory import Drawer, forget
from gateway.model.client import configured
from gateway.model.reader import AlongReader
from gateway.operations.calls import CallsRound
from gateway.operations.health import HealthPages
from gateway.operations.replay import Replayer
from gateway.operations.rules import RulesRound
from gateway.own_items import WithOwn
from gateway.own_rules import insurers_day
from gateway.settings import Settings
from gateway.staff.api import build_api
from gateway.supervisor import Supervisor
from normalizer import rulebook
from normalizer.normalize import warm_up
from normalizer.record import Contact
from store.blobs import FolderBlobs
from store.crypto import Keyring, load_or_create_secret
from store.unit import Store, migrate

log = structlog.get_logger(__name__)

ROUND_SECONDS = 30.0  # how often unanswered questions and left-behind items are looked for
OWN_ITEMS = {WORDS: read_words, LOOKS: read_look}
MOST_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Gateway:
    """Everything that was put together; open as long as ``open_gateway`` is."""

    house: House
    inbox: GatewayInbox
    channels: dict[str, Channel]
    senders: Mapping[str, Sender]
    worker: DeliveryWorker
    fetching: FetchingWorker
    hearing: HearingWorker
    replayer: Replayer
    supervisor: Supervisor
    app: web.Application
    reader: AlongReader | None = None  # only where a model is configured


@asynccontextmanager
async def open_gateway(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Gateway]:
    """The whole gateway, migrated and wired, without its background work. Raises WrongKey, BrokenRules, ValueError."""
    async with AsyncExitStack() as stack:
        clock = clock or SystemClock()
        rulebook.use(settings.rules, insurers_day(clock.now()))
        store = await _open_store(settings)
        stack.push_async_callback(store.aclose)
        channels = _build_channels(settings, store, clock)
        for channel in channels.values():
            stack.push_async_callback(channel.aclose)
        directory = _directory(settings)
        stack.push_async_callback(directory.aclose)
        house = House(
            store=store,
            clock=clock,
            settings=settings,
            directory=directory,
            open_channels=frozenset(channels),
            may_text=partial(_may_text, _lines(channels)),
        )
        senders: dict[str, Sender] = dict(channels)
        if settings.page_webhook_url:
            pager = WebhookSender(settings.page_webhook_secret.get_secret_value(), clock)
            stack.push_async_callback(pager.aclose)
            senders[WEBHOOK] = pager
        model = configured(settings, clock)
        if model is not None:
            stack.push_async_callback(model.aclose)
        transcriber = recogniser(settings, clock)
        if transcriber is not None:
            stack.push_async_callback(transcriber.aclose)
        yield _wire(house, channels, senders, AlongReader(house, model) if model else None, transcriber)


def _wire(
    house: House,
    channels: dict[str, Channel],
    senders: dict[str, Sender],
    reader: AlongReader | None,
    transcriber: Transcriber | None,
) -> Gateway:
    inbox = GatewayInbox(house, reader.notice if reader else None)
    replayer = Replayer(house, inbox, {name: WithOwn(channel, OWN_ITEMS) for name, channel in channels.items()})
    supervisor = Supervisor()
    app = web.Application(client_max_size=MOST_BODY)
    for channel in channels.values():
        for route in channel.routes(inbox):
            app.router.add_route(route.method, f"/in/{channel.name}{route.path}", route.handler)
    app.add_routes(HealthPages(house, list(channels.values()), supervisor).routes())
    app.add_routes(ProgressPage(house).routes())
    app.add_routes(ConsolePages().routes())
    app.add_subapp("/api/v1", build_api(house, replayer.replay, inbox.submit, _mailroom(channels)))
    return Gateway(
        house=house,
        inbox=inbox,
        channels=channels,
        senders=senders,
        worker=DeliveryWorker(house, senders),
        fetching=FetchingWorker(house, {name: each for name, each in channels.items() if isinstance(each, Fetcher)}),
        hearing=HearingWorker(house, transcriber, inbox.submit),
        replayer=replayer,
        supervisor=supervisor,
        app=app,
        reader=reader,
    )


async def start_background_work(gateway: Gateway) -> None:
    """Listening, delivering, fetching, reminding: each supervised under its own name.

    For the one process that serves: what its predecessor had claimed when it was killed is due again.
    """
    await asyncio.to_thread(warm_up)  # the rules are compiled before somebody waits for it
    await gateway.house.store.recover()
    start = gateway.supervisor.start
    for name, channel in gateway.channels.items():
        start(f"listen-{name}", partial(channel.listen, gateway.inbox))
    for name in gateway.senders:
        start(f"deliver-{name}", partial(gateway.worker.run, name))
    start("fetch", gateway.fetching.run)
    start("hear", gateway.hearing.run)
    if gateway.reader is not None:
        start("read-along", gateway.reader.run)
    for name, work in _rounds(gateway).items():
        start(name, partial(_again_and_again, work))


def _rounds(gateway: Gateway) -> dict[str, Callable[[], Awaitable[object]]]:
    """What time alone brings about. Each is supervised by itself: one that fails stops none of the others."""
    house = gateway.house
    return {
        "remind": partial(remind_the_silent, house),
        "resume": gateway.replayer.resume,
        "try-held": HeldRound(house).go,
        "calls": CallsRound(house, gateway.inbox, _lines(gateway.channels)).go,
        "forget": partial(forget, house),
        "rules-of-the-day": RulesRound(house.settings.rules, house.clock).go,
    }


def _lines(channels: Mapping[str, Channel]) -> dict[str, Line]:
    return {name: each for name, each in channels.items() if isinstance(each, Line)}


def _mailroom(channels: Mapping[str, Channel]) -> Mailroom | None:
    """The channel that takes what people hand in, if it is on."""
    return next((each for each in channels.values() if isinstance(each, Mailroom)), None)


def _may_text(lines: Mapping[str, Line], to: Contact) -> bool:
    """Can any line of ours write to this number?"""
    return any(line.may_text(to) for line in lines.values())


async def _again_and_again(work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await work()
        await asyncio.sleep(ROUND_SECONDS)


async def _open_store(settings: Settings) -> Store:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keyring = Keyring.from_secret(_secret(settings))
    await migrate(settings.database)
    return await Store.open(settings.database, keyring, FolderBlobs(settings.data_dir / "files", keyring))


def _secret(settings: Settings) -> str:
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    secret, made = load_or_create_secret(settings.data_dir)
    if made:
        log.warning(
            "secret_key_made", folder=str(settings.data_dir), advice="back it up: without it nothing can be read"
        )
    return secret


def _build_channels(settings: Settings, store: Store, clock: Clock) -> dict[str, Channel]:
    channels: dict[str, Channel] = {}
    for name, build in BUILDERS.items():
        built = build(Means(settings=settings.for_channels(), memory=Drawer(store, name, clock), clock=clock))
        if isinstance(built, Off):
            log.warning("channel_off", channel=name, why=built.why)
        else:
            channels[name] = built
    return channels


def _directory(settings: Settings) -> PolicyDirectory:
    if settings.policy_csv:
        return CsvDirectory(settings.policy_csv)
    if settings.policy_sql_url:
        return SqlDirectory(settings.policy_sql_url, settings.policy_sql_table)
    return NoDirectory()
