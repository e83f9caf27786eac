"""A platform, a customer's server beside it, and a session for the platform's interface."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from channels.phone.simulator import PhoneSimulator
from tests.clock import SetClock
from tests.phone_simulator.server import Customer


@dataclass
class Api:
    """The platform's interface as one account sees it; answers are (status, JSON)."""

    session: ClientSession
    base: str
    account: str

    async def post(self, path: str, **form: Any) -> tuple[int, Any]:
        return await self.ask("POST", path, data=form)

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        return await self.ask("GET", path, params=query)

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        address = path if path.startswith("/") else f"/2010-04-01/Accounts/{self.account}/{path}"
        async with self.session.request(method, f"{self.base}{address}", **more) as response:
            as_json = response.content_type == "application/json"
            return response.status, await response.json() if as_json else await response.read()


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def simulator(clock: SetClock) -> AsyncIterator[PhoneSimulator]:
    platform = PhoneSimulator(clock=clock, api_keys={"SK1": "key-secret"})
    await platform.start()
    yield platform
    await platform.aclose()


@pytest.fixture
async def customer(simulator: PhoneSimulator) -> AsyncIterator[Customer]:
    server = Customer(token=simulator.settings()["phone_auth_token"])
    await server.start()
    simulator.voice_url = f"{server.url}/call"
    yield server
    await simulator.settle()
    await server.aclose()


@pytest.fixture
async def api(simulator: PhoneSimulator) -> AsyncIterator[Api]:
    settings = simulator.settings()
    account = settings["phone_account_sid"]
    async with ClientSession(headers=basic(account, settings["phone_auth_token"])) as session:
        yield Api(session=session, base=settings["phone_api_url"], account=account)
