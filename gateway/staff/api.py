"""The staff REST API put together: a sub-application to be mounted at /api/v1."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from aiohttp import web

from channels.base import Mailroom
from gateway.events.keeping import Endpoints as Keeping
from gateway.house import House
from gateway.operations.balance.round import BalanceRound
from gateway.reports.overview import Overviews
from gateway.staff.actor import actor_of
from gateway.staff.acts import Acts
from gateway.staff.answering import guard_answers
from gateway.staff.approvals import Approvals
from gateway.staff.attachments import Attachments
from gateway.staff.audit import AuditTrail
from gateway.staff.auth import NoSessions, let_in
from gateway.staff.balances import Balances
from gateway.staff.calls import Calls
from gateway.staff.clocks import Clocks
from gateway.staff.complaints import Complaints
from gateway.staff.deliveries import Deliveries
from gateway.staff.description import with_description
from gateway.staff.emergencies import Emergencies
from gateway.staff.endpoints import Endpoints
from gateway.staff.ends import Ends
from gateway.staff.fields import Fields
from gateway.staff.keeping import Keepings
from gateway.staff.letters import Letters
from gateway.staff.links import Links
from gateway.staff.openapi import PREFIX, document
from gateway.staff.operation import Operation
from gateway.staff.people import People
from gateway.staff.post import Postings
from gateway.staff.previews import Previews
from gateway.staff.problems import Handler, Problem, tell_problems
from gateway.staff.quarantine import Quarantine, Replay
from gateway.staff.reports import Reports
from gateway.staff.signin.reception import Reception
from gateway.staff.tasks import Tasks
from gateway.staff.ticket_schema import TicketSchema
from gateway.staff.words import Submit, Typing


class Part(Protocol):
    """Some of what the API can do."""

    def operations(self) -> Sequence[Operation]: ...


def build_api(
    house: House,
    replay: Replay,
    submit: Submit | None = None,
    mailroom: Mailroom | None = None,
    *,
    reception: Reception | None = None,
    endpoints: Keeping | None = None,
    overviews: Overviews | None = None,
    balance: BalanceRound | None = None,
) -> web.Application:
    """The API over this house, to be mounted at /api/v1.

    ``submit`` takes in what staff heard in a recording or read on paper; ``mailroom`` what came by post; ``reception``
    knows who is signed in, ``endpoints`` which other systems are told of changes; ``overviews`` are
    counted once for all who look.
    """
    operations = operations_of(
        house, replay, submit, mailroom, reception=reception, endpoints=endpoints, overviews=overviews, balance=balance
    )
    for_everybody = frozenset(PREFIX + operation.path for operation in operations if not operation.needs_token)
    door = let_in(house.settings.api_token, reception.sessions if reception else NoSessions(), for_everybody)
    app = web.Application(middlewares=[guard_answers, tell_problems, door])
    for operation in operations:
        app.router.add_route(operation.method, operation.path, _for_the_entitled(operation))
    return app


def _for_the_entitled(operation: Operation) -> Handler:
    """The handler, for whoever has the right that the operation names."""
    if not operation.needs_token:
        return operation.handler

    async def handle(request: web.Request) -> web.StreamResponse:
        if not actor_of(request).may(operation.right):
            raise Problem(403, "not_yours")
        return await operation.handler(request)

    return handle


def operations_of(
    house: House,
    replay: Replay,
    submit: Submit | None = None,
    mailroom: Mailroom | None = None,
    *,
    reception: Reception | None = None,
    endpoints: Keeping | None = None,
    overviews: Overviews | None = None,
    balance: BalanceRound | None = None,
) -> Sequence[Operation]:
    """All that the API can do, its own description included."""
    parts: list[Part] = [
        Complaints(house),
        Clocks(house),
        Ends(house),
        Keepings(house),
        Links(house),
        Previews(house),
        Approvals(house),
        Emergencies(house),
        Deliveries(house),
        Attachments(house),
        Tasks(house),
        Calls(house),
        Quarantine(house, replay),
        Letters(house, mailroom),
        Postings(house),
        Reports(house, overviews or Overviews(house)),
        AuditTrail(house),
        TicketSchema(),
    ]
    if submit is not None:
        parts += [Acts(house, submit), Typing(house, submit), Fields(house, submit)]
    if reception is not None:
        parts.append(People(house, reception.personnel))
    if endpoints is not None:
        parts.append(Endpoints(endpoints))
    if balance is not None:
        parts.append(Balances(house, balance))
    operations = [operation for part in parts for operation in part.operations()]
    return with_description(operations, lambda found: document(found, _version()))


def _version() -> str:
    try:
        return version("tousu-gateway")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
