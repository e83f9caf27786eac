"""What the sandbox asks of the staff's own interface: over HTTP and with a token, as any other program does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout

from gateway.operations.demo.asking import Refusal
from gateway.operations.demo.stage import Stage

SECONDS = ClientTimeout(total=20)
WHY = "sandbox"  # the reason for seeing values plain: all of them are invented


class StaffApi:
    """Raises Refusal with the interface's own words."""

    def __init__(self, stage: Stage) -> None:
        self._url = f"{stage.url}/api/v1"
        self._token = stage.gateway.house.settings.api_token.get_secret_value()

    async def get(self, path: str) -> bytes:
        """What there is to see, unmasked."""
        async with self._session() as session, session.get(f"{self._url}/{path}", params={"unmask": WHY}) as response:
            await _check(response)
            return await response.read()

    async def post(self, path: str, body: Mapping[str, Any]) -> None:
        async with self._session() as session, session.post(f"{self._url}/{path}", json=body) as response:
            await _check(response)

    def _session(self) -> ClientSession:
        return ClientSession(timeout=SECONDS, headers={"Authorization": f"Bearer {self._token}"})


async def _check(response: ClientResponse) -> None:
    if response.status < 400:
        return
    problem = await response.json(content_type=None)
    errors = "; ".join(f"{error.get('where')}: {error.get('why')}" for error in problem.get("errors", ()))
    raise Refusal(" – ".join(filter(None, (str(problem.get("title", response.reason)), errors))), response.status)
