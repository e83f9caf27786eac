"""Staff who take accepted complaints on: the same step again, until the API says that it is taken."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from tests.chaos.people.around import Around

TAKEN_ON = "INVESTIGATING"
MOST_AT_ONCE = 4
TROUBLE = (aiohttp.ClientError, TimeoutError, OSError)


class Staff:
    def __init__(self, around: Around) -> None:
        self._around = around
        self.moved: set[str] = set()

    async def take_on(self) -> None:
        """Some of what is accepted, whatever becomes of the gateway meanwhile; nothing while it does not answer."""
        page = await self._ask("GET", "/complaints?status=ACCEPTED&limit=20")
        numbers = [each["number"] for each in page["items"]] if page else []
        chosen = self._around.dice.sample(numbers, min(MOST_AT_ONCE, len(numbers)))
        await asyncio.gather(*(self._move(number) for number in chosen))

    async def _move(self, number: str) -> None:
        """Until it is known to be done; 409 is said of what an earlier attempt did."""
        await self._around.until_done("staff", lambda: self._try(number))
        self.moved.add(number)

    async def _try(self, number: str) -> bool:
        wanted = {"status": TAKEN_ON, "note": "已安排专人核实", "tell": True}
        return await self._ask("POST", f"/complaints/{number}/status", wanted) is not None

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {self._around.token}"}
        where = f"{self._around.url}/api/v1{path}"
        try:
            async with self._around.http.request(method, where, json=body, headers=headers) as answer:
                told: dict[str, Any] = json.loads(await answer.read()) if answer.status in (200, 409) else {}
        except TROUBLE:
            return None
        return told or None
