"""The composition root: the only file that names concrete classes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from aiohttp import web

from channels import BUILDERS
from channels.base import Channel, Clock, Fetcher, Line, Mailroom, Means, Off
from gateway.casework.acts.duplicates import DuplicatesRound
from gateway.casework.clocks import calendar
from gateway.casework.clocks.round import ClockRound
from gateway.casework.emergency import plans
from gateway.casework.emergency.round import EmergencyRound
from gateway.casework.finding import Finding
from gateway.clock import SystemClock
from gateway.console.app import build_console
from gateway.console.kit import PREFIX as CONSOLE
from gateway.console.kit import Kit
from gateway.console.rooms import Around, rooms_of
from gateway.customers.app_api import public_api
from gateway.customers.pages import CustomerPages
from gateway.delivery.fetching import FetchingWorker
from gateway.delivery.held import HeldRound
from gateway.delivery.webhook import Webhooks, WebhookSender
from gateway.delivery.worker import DeliveryWorker, Sender
from gateway.events.guard import Guard
from gateway.events.keeping import Endpoints
from gateway.events.round import EndpointsRound
from gateway.events.sending import EndpointSender
from gateway.events.subscribers import Subscribers
from gateway.events.witness import Witness
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
from gateway.reports.overview import Overviews
from gateway.settings import Settings
from gateway.staff.api import build_api
from gateway.staff.signin.first import first_steps
from gateway.staff.signin.oidc import Client
from gateway.staff.signin.reception import Reception, reception
from gateway.staff.signin.rules import SignInRules, networks
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
    subscribers: Subscribers
    reception: Reception
    worker: DeliveryWorker
    fetching: FetchingWorker
    hearing: HearingWorker
    replayer: Replayer
    supervisor: Supervisor
    app: web.Application
    reader: AlongReader | None = None  # only where a model is configured


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """What was opened and must be closed."""

    house: House
    channels: dict[str, Channel]
    off: Mapping[str, str]
    senders: Mapping[str, Sender]
    subscribers: Subscribers
    reception: Reception
    reader: AlongReader | None
    transcriber: Transcriber | None


@asynccontextmanager
async def open_gateway(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Gateway]:
    """The whole gateway, migrated and wired, without its background work.

    Raises WrongKey, BrokenRules, BrokenCalendar, BrokenPlans, ValueError.
    """
    async with AsyncExitStack() as stack:
        clock = clock or SystemClock()
        _put_in_force(settings, clock)
        store = await _open_store(settings)
        stack.push_async_callback(store.aclose)
        channels, off = _build_channels(settings, store, clock)
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
        webhooks = _webhooks(house)
        stack.push_async_callback(webhooks.aclose)
        desk = reception(house, _sign_in_rules(settings), client=_single_sign_on(settings))
        stack.push_async_callback(desk.aclose)
        model = configured(settings, clock)
        if model is not None:
            stack.push_async_callback(model.aclose)
        transcriber = recogniser(settings, clock)
        if transcriber is not None:
            stack.push_async_callback(transcriber.aclose)
        opened = _Opened(
            house=house,
            channels=channels,
            off=off,
            senders={**channels, WEBHOOK: webhooks},
            subscribers=await _subscribers(house),
            reception=desk,
            reader=AlongReader(house, model) if model else None,
            transcriber=transcriber,
        )
        yield _wire(opened)


def _put_in_force(settings: Settings, clock: Clock) -> None:
    """The insurer's rules, calendar and plans, for this process."""
    rulebook.use(settings.rules, insurers_day(clock.now()))
    calendar.use(settings.calendar)
    plans.use(settings.emergency_plans)


def _wire(opened: _Opened) -> Gateway:
    house, channels, reader = opened.house, opened.channels, opened.reader
    inbox = GatewayInbox(house, reader.notice if reader else None)
    replayer = Replayer(house, inbox, {name: WithOwn(channel, OWN_ITEMS) for name, channel in channels.items()})
    supervisor = Supervisor()
    return Gateway(
        house=house,
        inbox=inbox,
        channels=channels,
        senders=opened.senders,
        subscribers=opened.subscribers,
        reception=opened.reception,
        worker=DeliveryWorker(house, opened.senders),
        fetching=FetchingWorker(house, {name: each for name, each in channels.items() if isinstance(each, Fetcher)}),
        hearing=HearingWorker(house, opened.transcriber, inbox.submit),
        replayer=replayer,
        supervisor=supervisor,
        app=_app(opened, inbox, replayer, supervisor),
        reader=reader,
    )


def _app(opened: _Opened, inbox: GatewayInbox, replayer: Replayer, supervisor: Supervisor) -> web.Application:
    """Everything that is served: webhooks, health, what customers open, the API, the console."""
    house, channels, desk = opened.house, opened.channels, opened.reception
    app = web.Application(client_max_size=MOST_BODY)
    for channel in channels.values():
        for route in channel.routes(inbox):
            app.router.add_route(route.method, f"/in/{channel.name}{route.path}", route.handler)
    app.add_routes(HealthPages(house, list(channels.values()), supervisor).routes())
    customers = CustomerPages(house, inbox)
    app.add_routes(customers.routes())
    app.add_subapp("/api/public/v1", public_api(customers.desk))
    endpoints = Endpoints(house, Guard.of(house.settings.webhook_networks), opened.subscribers)
    overviews = Overviews(house)
    api = build_api(
        house,
        replayer.replay,
        inbox.submit,
        _mailroom(channels),
        reception=desk,
        endpoints=endpoints,
        overviews=overviews,
    )
    app.add_subapp("/api/v1", api)
    around = Around(
        inbox=inbox,
        replay=replayer.replay,
        reception=desk,
        endpoints=endpoints,
        channels=channels,
        off=opened.off,
        supervisor=supervisor,
        overviews=overviews,
    )
    kit = Kit(house, desk.sessions)
    app.add_subapp(CONSOLE, build_console(kit, rooms_of(kit, around)))
    return app


async def start_background_work(gateway: Gateway) -> None:
    """Listening, delivering, fetching, reminding: each supervised under its own name.

    For the one process that serves: what its predecessor had claimed when it was killed is due again.
    """
    await asyncio.to_thread(warm_up)  # the rules are compiled before somebody waits for it
    await gateway.house.store.recover()
    if told := await first_steps(gateway.house):
        log.warning("nobody_can_sign_in", advice=told)
    start = gateway.supervisor.start
    for name, channel in gateway.channels.items():
        start(f"listen-{name}", partial(channel.listen, gateway.inbox))
    for name in gateway.senders:
        start(f"deliver-{name}", partial(gateway.worker.run, name))
    start("fetch", gateway.fetching.run)
    start("hear", gateway.hearing.run)
    start("subscribers", gateway.subscribers.run)
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
        "clocks": ClockRound(house).go,
        "emergencies": EmergencyRound(house).go,
        "duplicates": DuplicatesRound(house=house).go,
        "finding": Finding(house).go,
        "endpoints": EndpointsRound(house, gateway.subscribers).go,
        "sessions": gateway.reception.sessions.go,
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


def _build_channels(settings: Settings, store: Store, clock: Clock) -> tuple[dict[str, Channel], dict[str, str]]:
    """The channels that are on, and why the others are off."""
    channels: dict[str, Channel] = {}
    off: dict[str, str] = {}
    for name, build in BUILDERS.items():
        built = build(Means(settings=settings.for_channels(), memory=Drawer(store, name, clock), clock=clock))
        if isinstance(built, Off):
            log.warning("channel_off", channel=name, why=built.why)
            off[name] = built.why
        else:
            channels[name] = built
    return channels, off


def _webhooks(house: House) -> Webhooks:
    """Pages to our own side where that is configured, and events to other systems. Raises ValueError."""
    settings = house.settings
    pages = None
    if settings.page_webhook_url:
        pages = WebhookSender(settings.page_webhook_secret.get_secret_value(), house.clock)
    guard = Guard.of(settings.webhook_networks)
    return Webhooks(pages, EndpointSender(house.store, house.clock, guard))


async def _subscribers(house: House) -> Subscribers:
    """Who is told of changes, from the very first one."""
    subscribers = Subscribers(house.store)
    await subscribers.refresh()
    house.store.witness = Witness(house.clock, subscribers)
    return subscribers


def _sign_in_rules(settings: Settings) -> SignInRules:
    return SignInRules(
        longest=timedelta(hours=settings.staff_session_hours),
        idle=timedelta(minutes=settings.staff_idle_minutes),
        totp=settings.staff_totp,
        proxies=networks(settings.trusted_proxies),
    )


def _single_sign_on(settings: Settings) -> Client | None:
    if not settings.oidc_issuer:
        return None
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        scopes=settings.oidc_scopes,
        login_claim=settings.oidc_login_claim,
        role_claim=settings.oidc_role_claim,
        branch_claim=settings.oidc_branch_claim,
    )


def _directory(settings: Settings) -> PolicyDirectory:
    if settings.policy_csv:
        return CsvDirectory(settings.policy_csv)
    if settings.policy_sql_url:
        return SqlDirectory(settings.policy_sql_url, settings.policy_sql_table)
    return NoDirectory()
