"""The pages themselves say nothing of anybody, and let nothing in from elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.app import open_gateway
from gateway.console.pages import PAGES, STATIC, ConsolePages
from gateway.settings import Settings

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(ConsolePages().routes())
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_every_page_and_each_of_its_files_is_served_under_a_strict_policy(client: Client) -> None:
    for path in [*PAGES, *(f"/console/static/{file.name}" for file in STATIC.iterdir())]:
        answer = await client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status == 200, path
        assert policy.startswith(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'"
        )
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_gateway_serves_the_pages_and_its_letter_channel_takes_what_is_handed_in(
    sqlite_template: Path, tmp_path: Path
) -> None:
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
        assert (await client.get("/console/letters/verify")).status == 200
        form = FormData(default_to_multipart=True)
        form.add_field("file", b"", filename="empty.pdf")
        refused = await client.post("/api/v1/letters", data=form)
        assert (refused.status, (await refused.json(content_type=None))["code"]) == (422, "unreadable")


@pytest.mark.parametrize("name", ["..%2fpages.py", "pages.py", "", "%2e%2e/pages.py", "nothing.js", "a%00.js"])
async def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/console/static/{name}")).status in (403, 404)


def test_no_page_brings_a_script_or_a_style_of_its_own_or_from_outside() -> None:
    for page in STATIC.glob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"\son\w+=|\sstyle=|<style|https?://", text), page.name
    for script in STATIC.glob("*.js"):
        assert not re.search(r"https?://(?!www\.w3\.org)|innerHTML|eval\(", script.read_text("utf-8")), script.name


def test_both_languages_know_every_word() -> None:
    words = (STATIC / "words.js").read_text("utf-8")
    chinese, english = words.split("const EN")
    keys = [set(re.findall(r"(?:^|[ {,])(\w+): \"", part)) for part in (chinese, english)]
    assert keys[0] ^ keys[1] == set()
    used = set(
        re.findall(r'data-(?:t|label)="(\w+)"', "".join(page.read_text("utf-8") for page in STATIC.glob("*.html")))
    )
    assert used <= keys[0]
