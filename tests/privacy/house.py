"""One gateway with every channel, its far sides beside it, and all that comes out of it written down."""

from __future__ import annotations

import asyncio
import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import ClientResponse, ClientSession, CookieJar, DummyCookieJar
from aiohttp.test_utils import TestServer

from gateway.app import Gateway, open_gateway
from gateway.commands.serve import listen
from gateway.events.guard import Guard
from gateway.events.keeping import Endpoints, Wish
from gateway.operations.logs import configure_logs
from gateway.settings import Settings
from gateway.staff.actor import COOKIE, CSRF_HEADER, Role
from gateway.staff.signin.sessions import Visitor
from normalizer.normalize import warm_up
from store.desk import Person
from store.people import Secrets
from tests.clock import SetClock
from tests.contract.calls import PhoneRig
from tests.contract.post import LetterRig
from tests.contract.rigs import EmailRig, Rig, WeChatRig
from tests.events.receiver import Receiver

TOKEN = "dienst-token-des-hauses-4711"
REACHED = {"web": "True", "counter": "True"}


@dataclass(kw_only=True)
class Outputs:
    """What left the gateway, by where it left."""

    found: dict[str, bytes] = field(default_factory=dict)

    def add(self, where: str, what: bytes | str) -> None:
        told = what.encode(errors="replace") if isinstance(what, str) else what
        self.found[where] = self.found.get(where, b"") + b"\n" + told


@dataclass(kw_only=True)
class Stage:
    gateway: Gateway
    clock: SetClock
    folder: Path
    url: str
    wechat: WeChatRig
    phone: PhoneRig
    others: tuple[Rig, ...]
    receiver: Receiver
    session: ClientSession
    browser: ClientSession  # keeps its cookies
    outputs: Outputs

    async def ask(self, method: str, path: str, where: str, **more: Any) -> ClientResponse:
        """One request; its answer, head and body, is an output."""
        async with self.session.request(method, self.url + path, allow_redirects=False, **more) as answer:
            head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            self.outputs.add(f"{where} head", head)
            self.outputs.add(where, await answer.read())
            return answer

    async def signed_in(self, role: Role) -> dict[str, str]:
        """Headers of somebody of ours."""
        reception = self.gateway.reception
        async with reception.house.store.unit() as unit:
            person = await unit.people.by_login(f"one.{role}")
            assert person is not None
            cookie = await reception.sessions.open(unit, person, Visitor(address="", agent=""))
            actor = await reception.sessions.actor_of(unit, person, cookie)
            await unit.commit()
        return {"Cookie": f"{COOKIE}={cookie}", CSRF_HEADER: actor.csrf}

    @property
    def email(self) -> EmailRig:
        return next(rig for rig in self.others if isinstance(rig, EmailRig))

    @property
    def letter(self) -> LetterRig:
        return next(rig for rig in self.others if isinstance(rig, LetterRig))

    async def numbers(self) -> list[str]:
        async with self.gateway.house.store.reading() as unit:
            return [case.number for case in await unit.complaints.search(limit=50)]

    async def deliver(self) -> None:
        while await self.gateway.worker.run_once():
            pass


@asynccontextmanager
async def open_house(folder: Path, database: Path, *others: Rig, **more: Any) -> AsyncIterator[Stage]:
    """Everything but the background work, which the play does step by step; ``others``: channels beside the hooks.

    ``database`` is one that was migrated, to be copied.
    """
    clock = SetClock()
    wechat, phone = WeChatRig(clock), PhoneRig(clock)
    rigs: tuple[Rig, ...] = (wechat, phone, *others)
    (folder / "data").mkdir()
    shutil.copy(database, folder / "data" / "tousu.db")
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(warm_up)
        given: dict[str, Any] = {"data_dir": folder / "data", "api_token": TOKEN, "webhook_networks": "127.0.0.0/8"}
        for rig in rigs:
            await rig.start()
            stack.push_async_callback(rig.aclose)
            given |= rig.settings()
        settings = Settings.model_validate(given | REACHED | more)
        gateway = await stack.enter_async_context(open_gateway(settings, clock))
        runner = await listen(gateway, "127.0.0.1", 0)  # as in service
        stack.push_async_callback(runner.cleanup)
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        for rig in rigs:
            await rig.join(gateway, url)
        receiver = Receiver()
        hook = await stack.enter_async_context(TestServer(receiver.app()))
        await gateway_endpoint(gateway, str(hook.make_url("/hook")))
        await hire(gateway)
        yield Stage(
            gateway=gateway,
            clock=clock,
            folder=folder,
            url=url,
            wechat=wechat,
            phone=phone,
            others=others,
            receiver=receiver,
            session=await stack.enter_async_context(ClientSession(cookie_jar=DummyCookieJar())),
            browser=await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True))),
            outputs=Outputs(),
        )


async def hire(gateway: Gateway) -> None:
    """Somebody of each role; hashing a password for each would take longer than all the rest."""
    now = gateway.house.clock.now()
    async with gateway.house.store.unit() as unit:
        for role in Role:
            person = Person(id=0, login=f"one.{role}", name=f"职员{role}", roles=frozenset({role}), created_at=now)
            await unit.people.add(person, Secrets(password="none"))
        await unit.commit()


async def gateway_endpoint(gateway: Gateway, url: str) -> None:
    """Another system, which is told of every change."""
    guard = Guard.of(gateway.house.settings.webhook_networks)
    await Endpoints(gateway.house, guard, gateway.subscribers).add(Wish(url=url), "test")


@contextmanager
def written_down(folder: Path) -> Iterator[tuple[io.StringIO, list[str]]]:
    """Log lines at their chattiest, and the address of every request that somebody sends; temporary files lie here."""
    lines, addresses = io.StringIO(), []
    send = ClientSession._request

    async def watched(self: ClientSession, method: str, address: Any, **more: Any) -> ClientResponse:
        addresses.append(f"{method} {address} {more.get('params') or ''}")
        return await send(self, method, address, **more)

    temporary = folder / "tmp"
    temporary.mkdir()
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(sys, "stderr", lines))
        stack.enter_context(patch.object(tempfile, "tempdir", str(temporary)))
        stack.enter_context(patch.object(ClientSession, "_request", watched))
        configure_logs("debug")
        yield lines, addresses
    configure_logs("info")


def bytes_under(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() + path.name.encode() for path in folder.rglob("*") if path.is_file())


def command_lines() -> bytes:
    """Of all processes that we may see: what ``ps`` shows to every neighbour."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes())
            found.append(path.with_name("comm").read_bytes())
    return b"\n".join(found)
