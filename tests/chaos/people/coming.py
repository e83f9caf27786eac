"""Who comes to the website or the counter: the same form goes again, with its token, until a page says we have it."""

from __future__ import annotations

import hashlib
import json
import re

import aiohttp

from gateway.staff.actor import COOKIE, CSRF_FIELD
from tests.chaos.people.around import Around, policy_of, story_of

NUMBER = re.compile(r"TS\d{12}")
KEPT = "kept, and not yet numbered: the database is away"
TROUBLE = (aiohttp.ClientError, TimeoutError, OSError)


class Surfing:
    """By the insurer's app, which is the website's form without its page."""

    channel = "web"

    def __init__(self, around: Around) -> None:
        self._around = around
        self.numbers: dict[int, str] = {}

    async def come(self, n: int) -> None:
        await self._around.until_done(self.channel, lambda: self._send(n))

    def heard(self, n: int) -> bool:
        return n in self.numbers

    def acknowledged(self) -> set[str]:
        return set()

    async def _send(self, n: int) -> bool:
        form = {
            "token": f"chaos-{n:05d}",
            "matter": story_of(self.channel, n),
            "complainant_name": "赵小明",
            "phone": "13812345678",
            "policy_number": policy_of(self.channel, n),
            "request": "请尽快赔付",
        }
        headers = {"X-Forwarded-For": f"198.51.{n // 250}.{n % 250 + 1}"}
        where = f"{self._around.url}/api/public/v1/complaints"
        try:
            async with self._around.http.post(where, json=form, headers=headers) as answer:
                told = json.loads(await answer.read()) if answer.status == 200 else {}
        except TROUBLE:
            return False
        if told:
            self.numbers[n] = told["number"] or KEPT
        return bool(told)


class Visiting:
    """By a clerk, who presses the button again when no page comes."""

    channel = "counter"

    def __init__(self, around: Around) -> None:
        self._around = around
        self.numbers: dict[int, str] = {}

    async def come(self, n: int) -> None:
        await self._around.until_done(self.channel, lambda: self._write_down(n))

    def heard(self, n: int) -> bool:
        return n in self.numbers

    def acknowledged(self) -> set[str]:
        return set()

    async def _write_down(self, n: int) -> bool:
        around, visit = self._around, hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest()
        form = {
            "visit": visit,
            "token": f"chaos-{n:05d}",
            "text": story_of(self.channel, n),
            "complainant_name": "赵小明",
            "phone": "13812345678",
            CSRF_FIELD: around.clerk.csrf,
        }
        cookies = {"Cookie": f"{COOKIE}={around.clerk.cookie}"}
        try:
            async with around.http.post(f"{around.url}/console/counter", data=form, headers=cookies) as answer:
                page = await answer.text()
        except TROUBLE:
            return False
        found = NUMBER.search(page) if answer.url.path.endswith(f"/visit/{visit}") else None
        if found:
            self.numbers[n] = found[0]
        return found is not None
