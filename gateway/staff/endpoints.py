"""Endpoints: which other systems are told of changes, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.delivery.webhook import EVENT, TYPE
from gateway.events.guard import BadUrl
from gateway.events.keeping import Endpoints as Keeping
from gateway.events.keeping import NoSuchEndpoint, UnknownEvents, Wish
from gateway.events.kinds import TYPES
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.endpoint_shapes import (
    Again,
    EndpointGiven,
    EndpointList,
    EndpointShown,
    EndpointWithSecret,
    SentAgain,
    Told,
    ToldAsked,
    ToldPage,
    Tried,
)
from gateway.staff.operation import Operation
from gateway.staff.paging import cursor_of_name, name_after
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing
from store.desk import Endpoint
from store.values import Parcel

LIST = "told"
ENDPOINT_ID = re.compile(r"ep[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The part of the API that is about other systems; for admins."""

    keeping: Keeping

    async def list(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        items = [shown(each) for each in await self.keeping.all()]
        return answer(EndpointList(items=items, types=list(TYPES)))

    async def add(self, request: web.Request) -> web.Response:
        wish = _wish(await read_body(request, EndpointGiven))
        with _refusing():
            made = await self.keeping.add(wish, actor_of(request).login)
        response = answer(with_secret(made))
        response.set_status(201)
        return response

    async def get(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        with _refusing():
            return answer(shown(await self.keeping.get(_id(request))))

    async def change(self, request: web.Request) -> web.Response:
        wish = _wish(await read_body(request, EndpointGiven))
        with _refusing():
            return answer(shown(await self.keeping.change(_id(request), wish, actor_of(request).login)))

    async def rotate(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        with _refusing():
            return answer(with_secret(await self.keeping.rotate(_id(request), actor_of(request).login)))

    async def test(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        with _refusing():
            return answer(Tried(event=await self.keeping.test(_id(request), actor_of(request).login)))

    async def deliveries(self, request: web.Request) -> web.Response:
        asked = read_query(request, ToldAsked)
        before = name_after(LIST, asked.cursor)
        with _refusing():
            found = await self.keeping.deliveries(_id(request), before=before, limit=asked.limit)
        last = cursor_of_name(LIST, found[-1].context[EVENT]) if len(found) == asked.limit else None
        return answer(ToldPage(items=[_told(each) for each in found], next=last))

    async def replay(self, request: web.Request) -> web.Response:
        asked = await read_body(request, Again)
        with _refusing():
            return answer(SentAgain(events=await self._again(_id(request), asked, actor_of(request).login)))

    async def _again(self, id: str, asked: Again, by: str) -> int:
        if asked.event is not None and asked.since is None and asked.until is None:
            return await self.keeping.replay_one(id, asked.event, by)
        if asked.event is None and asked.since is not None and asked.until is not None:
            return await self.keeping.replay_span(id, asked.since, asked.until, by)
        raise Problem(422, "invalid", errors=[{"where": "body", "why": "an event, or since and until"}])

    def operations(self) -> tuple[Operation, ...]:
        one = "/endpoints/{endpoint}"
        admin = Right.ADMIN
        return (
            Operation(
                method="GET",
                path="/endpoints",
                name="listEndpoints",
                right=admin,
                summary="Systems that are told of changes",
                handler=self.list,
                answer=EndpointList,
            ),
            Operation(
                method="POST",
                path="/endpoints",
                name="addEndpoint",
                right=admin,
                summary="Tell one more; its secret is shown this once",
                handler=self.add,
                body=EndpointGiven,
                answer=EndpointWithSecret,
                success=201,
            ),
            Operation(
                method="GET",
                path=one,
                name="getEndpoint",
                right=admin,
                summary="One endpoint",
                handler=self.get,
                answer=EndpointShown,
            ),
            Operation(
                method="POST",
                path=one,
                name="changeEndpoint",
                right=admin,
                summary="Change it, switch it on or off",
                handler=self.change,
                body=EndpointGiven,
                answer=EndpointShown,
            ),
            Operation(
                method="POST",
                path=f"{one}/rotate",
                name="rotateEndpointSecret",
                right=admin,
                summary="A new secret; for a day both sign",
                handler=self.rotate,
                answer=EndpointWithSecret,
            ),
            Operation(
                method="POST",
                path=f"{one}/test",
                name="testEndpoint",
                right=admin,
                summary="Send it an event that says nothing",
                handler=self.test,
                answer=Tried,
            ),
            Operation(
                method="GET",
                path=f"{one}/deliveries",
                name="listTold",
                right=admin,
                summary="What was sent there, newest first",
                handler=self.deliveries,
                query=ToldAsked,
                answer=ToldPage,
            ),
            Operation(
                method="POST",
                path=f"{one}/replay",
                name="replayEvents",
                right=admin,
                summary="Send again, under the same ids: one event, or at most the last 1000 of a span of time",
                handler=self.replay,
                body=Again,
                answer=SentAgain,
            ),
        )


@contextmanager
def _refusing() -> Iterator[None]:
    """What is refused there, as an answer of the API."""
    try:
        yield
    except NoSuchEndpoint:
        raise Problem(404, "no_such_endpoint") from None
    except BadUrl as error:
        raise Problem(422, "bad_url", str(error)) from None
    except UnknownEvents:
        raise Problem(422, "unknown_events") from None


def _id(request: web.Request) -> str:
    id = request.match_info["endpoint"]
    if not ENDPOINT_ID.fullmatch(id):
        raise Problem(404, "no_such_endpoint")
    return id


def _wish(given: EndpointGiven) -> Wish:
    return Wish(url=given.url, events=frozenset(given.events), active=given.active, note=given.note)


def shown(endpoint: Endpoint) -> EndpointShown:
    """Everything but the secrets."""
    return EndpointShown(**_facts(endpoint))


def with_secret(endpoint: Endpoint) -> EndpointWithSecret:
    return EndpointWithSecret(**_facts(endpoint), secret=endpoint.secret)


def _facts(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": sorted(endpoint.events),
        "active": endpoint.active,
        "note": endpoint.note,
        "created_at": endpoint.created_at,
        "created_by": endpoint.created_by,
        "rotating_until": endpoint.previous_until,
        "failing_since": endpoint.failing_since,
    }


def _told(parcel: Parcel) -> Told:
    return Told(
        id=parcel.id,
        event=parcel.context[EVENT],
        type=parcel.context[TYPE],
        complaint=parcel.number or None,
        state=parcel.state,
        attempts=parcel.attempts,
        created_at=parcel.created_at,
        next_at=parcel.next_at,
        sent_at=parcel.sent_at,
        error=parcel.error,
    )
