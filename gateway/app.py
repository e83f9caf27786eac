"""The composition root: with gateway/parts.py and gateway/background.py the only files that name concrete classes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from channels.base import Channel, Clock, Fetcher
from gateway import parts
from gateway.casework.finding import write_about
from gateway.clock import SystemClock
from gateway.console.app import build_console
from gateway.console.kit import PREFIX as CONSOLE
from gateway.console.kit import Kit
from gateway.console.rooms import Around, rooms_of
from gateway.customers.app_api import public_api
from gateway.customers.pages import CustomerPages
from gateway.delivery.fetching import FetchingWorker
from gateway.delivery.worker import DeliveryWorker, Sender
from gateway.events.guard import Guard
from gateway.events.keeping import Endpoints
from gateway.events.subscribers import Subscribers
from gateway.every_answer import guard_every_answer
from gateway.hearing import configured as recogniser
from gateway.hearing.item import PREFIX as WORDS
from gateway.hearing.item import read_words
from gateway.hearing.port import Transcriber
from gateway.hearing.worker import HearingWorker
from gateway.house import House
from gateway.intake.floods import Floods
from gateway.intake.inbox import GatewayInbox
from gateway.intake.paging import WEBHOOK
from gateway.intake.paper.item import PREFIX as LOOKS
from gateway.intake.paper.item import read_look
from gateway.model.client import configured
from gateway.model.reader import AlongReader
from gateway.operations.balance.check import BalanceCheck
from gateway.operations.balance.round import BalanceRound
from gateway.operations.health import HealthPages
from gateway.operations.replay import Replayer
from gateway.own_items import WithOwn
from gateway.reports.overview import Overviews
from gateway.settings import Settings
from gateway.spool.building import Spooling, open_spool, spooling
from gateway.spool.spool import Spool
from gateway.staff.api import build_api
from gateway.staff.signin.reception import Reception, reception
from gateway.supervisor import Supervisor
from gateway.turns import Turns

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
    turns: Turns
    balance: BalanceRound
    spooling: Spooling
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
    spool: Spool


@asynccontextmanager
async def open_gateway(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Gateway]:
    """The whole gateway, migrated and wired, without its background work.

    Raises WrongKey, BrokenRules, BrokenCalendar, BrokenPlans, ValueError.
    """
    async with AsyncExitStack() as stack:
        clock = clock or SystemClock()
        parts.put_in_force(settings, clock)
        store = await parts.open_store(settings)
        stack.push_async_callback(store.aclose)
        await write_about(store)
        spool = open_spool(settings, store.keyring)
        stack.push_async_callback(spool.aclose)
        channels, off = parts.build_channels(settings, store, clock)
        for channel in channels.values():
            stack.push_async_callback(channel.aclose)
        directory = parts.directory(settings)
        stack.push_async_callback(directory.aclose)
        house = House(
            store=store,
            clock=clock,
            settings=settings,
            directory=directory,
            open_channels=frozenset(channels),
            may_text=partial(parts.may_text, parts.lines(channels)),
        )
        webhooks = parts.webhooks(house)
        stack.push_async_callback(webhooks.aclose)
        desk = reception(house, parts.sign_in_rules(settings), client=parts.single_sign_on(settings))
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
            subscribers=await parts.subscribers(house),
            reception=desk,
            reader=AlongReader(house, model) if model else None,
            transcriber=transcriber,
            spool=spool,
        )
        gateway = _wire(opened)
        stack.push_async_callback(gateway.spooling.inbox.aclose)
        yield gateway


def _wire(opened: _Opened) -> Gateway:
    house, channels, reader = opened.house, opened.channels, opened.reader
    notice = reader.notice if reader else None
    inbox = GatewayInbox(house, notice, Floods(house.clock))
    readers = {name: WithOwn(channel, OWN_ITEMS) for name, channel in channels.items()}
    replayer = Replayer(house, GatewayInbox(house, notice), readers)
    spools = spooling(house, opened.spool, inbox, readers)
    supervisor, turns = Supervisor(), Turns(house.store, house.clock)
    balance = BalanceRound(house, BalanceCheck(house, channels, opened.off))
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
        turns=turns,
        balance=balance,
        spooling=spools,
        app=_app(opened, inbox, spools, replayer, supervisor, turns, balance),
        reader=reader,
    )


def _app(
    opened: _Opened,
    inbox: GatewayInbox,
    spools: Spooling,
    replayer: Replayer,
    supervisor: Supervisor,
    turns: Turns,
    balance: BalanceRound,
) -> web.Application:
    """Everything that is served: webhooks, health, what customers open, the API, the console."""
    house, channels, desk = opened.house, opened.channels, opened.reception
    app = web.Application(client_max_size=MOST_BODY)
    guard_every_answer(app, opened.house.settings)
    for channel in channels.values():
        for route in channel.routes(spools.inbox):
            app.router.add_route(route.method, f"/in/{channel.name}{route.path}", route.handler)
    app.add_routes(HealthPages(house, list(channels.values()), supervisor, turns, spools).routes())
    customers = CustomerPages(house, spools.inbox)
    app.add_routes(customers.routes())
    app.add_subapp("/api/public/v1", public_api(customers.desk))
    endpoints = Endpoints(house, Guard.of(house.settings.webhook_networks), opened.subscribers)
    overviews = Overviews(house)
    api = build_api(
        house,
        replayer.replay,
        inbox.submit,
        parts.mailroom(channels),
        reception=desk,
        endpoints=endpoints,
        overviews=overviews,
        balance=balance,
    )
    app.add_subapp("/api/v1", api)
    around = Around(
        inbox=spools.inbox,
        replay=replayer.replay,
        reception=desk,
        endpoints=endpoints,
        channels=channels,
        off=opened.off,
        supervisor=supervisor,
        turns=turns,
        overviews=overviews,
        balance=balance,
    )
    kit = Kit(house, desk.sessions)
    app.add_subapp(CONSOLE, build_console(kit, rooms_of(kit, around)))
    return app
