"""The console over a whole gateway in a thread of its own, so that a real browser can be driven beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from channels.base import OutboundKind
from gateway.app import Gateway, open_gateway
from gateway.console.app import build_console
from gateway.console.counter import CounterRoom
from gateway.console.door import Door
from gateway.console.doubts import DoubtsRoom
from gateway.console.kit import Kit, Room
from gateway.console.letters import LettersRoom
from gateway.console.tasks import TasksRoom
from gateway.settings import Settings
from gateway.staff.actor import Actor, Role, rights_of
from gateway.staff.api import build_api
from gateway.staff.signin.reception import Reception, reception
from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.sessions import StaffSessions
from normalizer.record import Contact, ContactKind, Submission
from store.values import Case, KeptScan, OutboxState, Parcel, Posting, PostState
from tests.staff.paper import SmallMailroom

PATIENCE = 30.0
RULES = SignInRules()
T = TypeVar("T")


@dataclass(frozen=True)
class KnownPeople(StaffSessions):
    """Sign-in where everybody's cookie is their login."""

    people: dict[str, Actor] = field(default_factory=dict)

    async def actor(self, cookie: str) -> Actor | None:
        return self.people.get(cookie)


@dataclass(frozen=True, kw_only=True, slots=True)
class Console:
    """Where the pages are, and what lies behind them."""

    url: str
    gateway: Gateway
    mailroom: SmallMailroom
    people: KnownPeople
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the gateway's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def signed_in(
        self, *roles: Role, name: str = "王主管", branches: frozenset[str] | None = None, person_id: int = 1
    ) -> str:
        """Somebody with these roles; the cookie of their session."""
        login = "-".join(sorted(roles))
        actor = Actor(
            login=login,
            name=name,
            rights=rights_of(frozenset(roles)),
            person_id=person_id,
            branches=branches,
            csrf=f"csrf-of-{login}",
        )
        self.people.people[login] = actor
        return login

    def submit(self, submission: Submission) -> None:
        self.run(self.gateway.inbox.submit(submission))

    def cases(self) -> list[Case]:
        """The newest first."""
        return self.run(self._cases())

    def letters(self) -> list[KeptScan]:
        """The newest first."""
        return self.run(self._letters())

    def printed(self, id: str, number: str, name: str, address: str) -> None:
        """A letter of ours lies in the tray."""
        self.run(self._printed(id, number, name, address))

    def posting(self, id: str) -> Posting:
        return self.run(self._posting(id))

    async def _cases(self) -> list[Case]:
        async with self.gateway.house.store.reading() as unit:
            return list(await unit.complaints.search(limit=50))

    async def _letters(self) -> list[KeptScan]:
        async with self.gateway.house.store.reading() as unit:
            return await unit.scans.recent()

    async def _posting(self, id: str) -> Posting:
        async with self.gateway.house.store.reading() as unit:
            found = await unit.post.get(id)
        assert found is not None
        return found

    async def _printed(self, id: str, number: str, name: str, address: str) -> None:
        store, now = self.gateway.house.store, self.gateway.house.clock.now() - timedelta(hours=2)
        sha256 = await store.blobs.put(b"%PDF-1.7 " + id.encode())
        async with store.unit() as unit:
            parcel = Parcel(
                id=id,
                channel="letter",
                to=Contact(kind=ContactKind.POST, value=address),
                kind=OutboundKind.RECEIPT,
                text="已受理",
                created_at=now,
                next_at=now,
                state=OutboxState.SENT,
                number=number,
                context={"name": name},
            )
            await unit.outbox.put(parcel)
            posting = Posting(
                id=id,
                complaint_id=None,
                number=number,
                kind="receipt",
                state=PostState.PRINTED,
                pages=2,
                sha256=sha256,
                printed_at=now,
            )
            await unit.post.printed(posting)
            await unit.commit()


@contextmanager
def serving(folder: Path, database_url: str) -> Iterator[Console]:
    """A gateway with its API and the rooms of its console."""
    started: list[Console] = []
    ready, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        settings = Settings(data_dir=folder, database_url=database_url)
        async with open_gateway(settings) as gateway:
            mailroom = SmallMailroom(gateway.inbox)
            people = KnownPeople(gateway.house, RULES)
            runner = web.AppRunner(_app(gateway, mailroom, people))
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            loop = asyncio.get_running_loop()
            started.append(Console(url=url, gateway=gateway, mailroom=mailroom, people=people, loop=loop))
            ready.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the gateway did not start"
    yield started[0]
    started[0].loop.call_soon_threadsafe(stop.set)
    thread.join(PATIENCE)


def _app(gateway: Gateway, mailroom: SmallMailroom, people: KnownPeople) -> web.Application:
    app = web.Application()
    at_door = replace(reception(gateway.house, RULES), sessions=people)
    app.add_subapp("/console", build_console(kit := Kit(gateway.house, people), _rooms(kit, gateway, at_door)))
    api = build_api(gateway.house, gateway.replayer.replay, gateway.inbox.submit, mailroom, reception=at_door)
    app.add_subapp("/api/v1", api)
    return app


def _rooms(kit: Kit, gateway: Gateway, at_door: Reception) -> Sequence[Room]:
    return (
        Door(kit, at_door),
        LettersRoom(kit),
        TasksRoom(kit),
        DoubtsRoom(kit, gateway.replayer.replay),
        CounterRoom(kit, gateway.inbox.submit),
    )
