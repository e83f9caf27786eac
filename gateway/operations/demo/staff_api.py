"""What the sandbox asks of the staff's own interface: over HTTP, signed in as one of the insurer's people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

from gateway.operations.demo.asking import Refusal
from gateway.operations.demo.colleagues import SUPERVISOR
from gateway.operations.demo.stage import Stage
from gateway.staff.actor import COOKIE, CSRF_HEADER

SECONDS = ClientTimeout(total=20)
WHY = "sandbox"  # the reason for seeing values plain: all of them are invented


class StaffApi:
    """Raises Refusal with the interface's own words."""

    def __init__(self, stage: Stage) -> None:
        self._url = f"{stage.url}/api/v1"
        self._colleagues = stage.colleagues

    async def get(self, path: str) -> bytes:
        """What there is to see, unmasked."""
        url = f"{self._url}/{path}"
        async with self._session() as session, session.get(url, params={"unmask": WHY}) as response:
            await _check(response)
            return await response.read()

    async def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        async with self._session() as session, session.post(f"{self._url}/{path}", json=body) as response:
            await _check(response)
            found: Mapping[str, Any] = await response.json()
            return found

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[ClientSession]:
        cookie, actor = await self._colleagues.at_work(SUPERVISOR)
        headers = {"Cookie": f"{COOKIE}={cookie}", CSRF_HEADER: actor.csrf}
        async with ClientSession(timeout=SECONDS, headers=headers) as session:
            yield session


async def _check(response: ClientResponse) -> None:
    if response.status < 400:
        return
    problem = await response.json(content_type=None)
    errors = "; ".join(f"{error.get('where')}: {error.get('why')}" for error in problem.get("errors", ()))
    words = (str(problem.get("title", response.reason)), str(problem.get("detail", "")), errors)
    raise Refusal(" – ".join(filter(None, words)), response.status)
