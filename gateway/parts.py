"""What the gateway is put together from: each part as the settings want it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from channels import BUILDERS
from channels.base import Channel, Clock, Line, Mailroom, Means, Off
from gateway.casework.clocks import calendar
from gateway.casework.emergency import plans
from gateway.casework.retention import periods
from gateway.delivery.webhook import Webhooks, WebhookSender
from gateway.events.guard import Guard
from gateway.events.sending import EndpointSender
from gateway.events.subscribers import Subscribers
from gateway.events.witness import Witness
from gateway.house import House
from gateway.intake.directory import CsvDirectory, NoDirectory, PolicyDirectory, SqlDirectory
from gateway.memory import Drawer
from gateway.own_rules import insurers_day
from gateway.settings import Settings
from gateway.staff.signin.oidc import Client
from gateway.staff.signin.rules import SignInRules, networks
from normalizer import rulebook
from normalizer.record import Contact
from store.blobs import FolderBlobs
from store.crypto import Keyring
from store.secret_file import load_or_create_secret, read_ring
from store.unit import Store, migrate

log = structlog.get_logger(__name__)


def put_in_force(settings: Settings, clock: Clock) -> None:
    """The insurer's rules, calendar, plans and periods, for this process."""
    rulebook.use(settings.rules, insurers_day(clock.now()))
    calendar.use(settings.calendar)
    plans.use(settings.emergency_plans)
    periods.use(settings.retention)


async def open_store(settings: Settings) -> Store:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    keyring = keyring_of(settings)
    await migrate(settings.database)
    return await Store.open(settings.database, keyring, FolderBlobs(settings.data_dir / "files", keyring))


def keyring_of(settings: Settings) -> Keyring:
    """The ring in force; one that is kept in the data folder is read again when somebody has rotated it."""
    secret = _secret(settings)
    given = settings.secret_key.get_secret_value()
    return Keyring.from_secret(secret, None if given else partial(read_ring, settings.data_dir))


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


def build_channels(settings: Settings, store: Store, clock: Clock) -> tuple[dict[str, Channel], dict[str, str]]:
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


def webhooks(house: House) -> Webhooks:
    """Pages to our own side where that is configured, and events to other systems. Raises ValueError."""
    settings = house.settings
    pages = None
    if settings.page_webhook_url:
        pages = WebhookSender(settings.page_webhook_secret.get_secret_value(), house.clock)
    guard = Guard.of(settings.webhook_networks)
    return Webhooks(pages, EndpointSender(house.store, house.clock, guard))


async def subscribers(house: House) -> Subscribers:
    """Who is told of changes, from the very first one."""
    subscribers = Subscribers(house.store)
    await subscribers.refresh()
    house.store.witness = Witness(house.clock, subscribers)
    return subscribers


def sign_in_rules(settings: Settings) -> SignInRules:
    return SignInRules(
        longest=timedelta(hours=settings.staff_session_hours),
        idle=timedelta(minutes=settings.staff_idle_minutes),
        totp=settings.staff_totp,
        proxies=networks(settings.trusted_proxies),
    )


def single_sign_on(settings: Settings) -> Client | None:
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


def directory(settings: Settings) -> PolicyDirectory:
    if settings.policy_csv:
        return CsvDirectory(settings.policy_csv)
    if settings.policy_sql_url:
        return SqlDirectory(settings.policy_sql_url, settings.policy_sql_table)
    return NoDirectory()


def lines(channels: Mapping[str, Channel]) -> dict[str, Line]:
    return {name: each for name, each in channels.items() if isinstance(each, Line)}


def mailroom(channels: Mapping[str, Channel]) -> Mailroom | None:
    """The channel that takes what people hand in, if it is on."""
    return next((each for each in channels.values() if isinstance(each, Mailroom)), None)


def may_text(lines: Mapping[str, Line], to: Contact) -> bool:
    """Can any line of ours write to this number?"""
    return any(line.may_text(to) for line in lines.values())
