"""The pages for paper say nothing of anybody, and let nothing in from elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.app import open_gateway
from gateway.console.kit import TEMPLATES
from gateway.console.letters import LettersRoom
from gateway.console.static_files import FOLDER, KINDS
from gateway.house import House
from gateway.settings import Settings
from gateway.staff.actor import Role
from store.unit import Store
from tests.clock import SetClock
from tests.console.desk import Desk, desk

PAGES = {"/letters": Role.MAILROOM, "/letters/verify": Role.OFFICER, "/letters/post": Role.MAILROOM}


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Desk]:
    house = House(store=store, clock=SetClock(), settings=Settings())
    async with desk(house, lambda kit: [LettersRoom(kit)]) as opened:
        yield opened


async def test_every_page_is_served_under_a_strict_policy_to_whoever_has_its_right(rooms: Desk) -> None:
    for path, role in PAGES.items():
        rooms.as_(role)
        answer = await rooms.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status == 200, path
        assert "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        rooms.as_(Role.CLERK)
        assert (await rooms.get(path)).status == 403, path
        rooms.cookie = ""
        assert (await rooms.get(path)).status == 303, path


async def test_each_file_that_the_pages_load_is_served(rooms: Desk) -> None:
    for file in FOLDER.rglob("*"):
        if file.suffix in KINDS:
            assert (await rooms.get(f"/static/{file.relative_to(FOLDER)}")).status == 200, file.name


async def test_the_letter_channel_of_the_gateway_takes_what_is_handed_in(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "tousu.db"
    shutil.copy(sqlite_template, path)
    (tmp_path / "in").mkdir()
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite+aiosqlite:///{path}",
        api_token=SecretStr("token"),
        letter_in=tmp_path / "in",
    )
    headers = {"Authorization": "Bearer token"}
    async with open_gateway(settings) as gateway, TestClient(TestServer(gateway.app), headers=headers) as client:
        form = FormData(default_to_multipart=True)
        form.add_field("file", b"", filename="empty.pdf")
        refused = await client.post("/api/v1/letters", data=form)
        assert (refused.status, (await refused.json(content_type=None))["code"]) == (422, "unreadable")


@pytest.mark.parametrize("name", ["..%2fletters.py", "letters.py", "", "%2e%2e/letters.py", "nothing.js", "a%00.js"])
async def test_nothing_else_is_served(rooms: Desk, name: str) -> None:
    rooms.as_(Role.OFFICER)
    assert (await rooms.get(f"/static/{name}")).status in (403, 404)


def test_no_page_brings_a_script_or_a_style_of_its_own_or_from_outside() -> None:
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"\son\w+=|\sstyle=|<style|https?://", text), page.name
    for script in FOLDER.glob("*.js"):
        assert not re.search(r"https?://(?!www\.w3\.org)|innerHTML|eval\(", script.read_text("utf-8")), script.name


def test_both_languages_know_every_word_that_scripts_say() -> None:
    words = (FOLDER / "words.js").read_text("utf-8")
    chinese, english = words.split("const EN")
    keys = [set(re.findall(r"(?:^|[ {,])(\w+): \"", part)) for part in (chinese, english)]
    assert keys[0] ^ keys[1] == set()
