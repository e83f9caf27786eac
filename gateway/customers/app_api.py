"""The same as the pages, for the insurer's app: a sub-application to be mounted at /api/public/v1.

No cookies and no CORS: a browser on another site gets nothing out of it.
"""

from __future__ import annotations

from aiohttp import web

from gateway.customers.app_complaining import Complaining
from gateway.customers.app_description import described
from gateway.customers.app_door import AppDoor
from gateway.customers.app_progress import Progress
from gateway.customers.desk import Desk
from gateway.staff.answering import guard_answers
from gateway.staff.description import with_description
from gateway.staff.problems import tell_problems


def public_api(desk: Desk) -> web.Application:
    """Complaints and progress for an app; OpenAPI at /openapi.json."""
    door = AppDoor(desk)
    app = web.Application(middlewares=[guard_answers, tell_problems])
    for operation in with_description([*Complaining(door).operations(), *Progress(door).operations()], described):
        app.router.add_route(operation.method, operation.path, operation.handler)
    return app
