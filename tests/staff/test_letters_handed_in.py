"""The mailroom hands letters in."""

from __future__ import annotations

import asyncio
import io
from datetime import date

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from channels.base import HandIn, Paper
from gateway.house import House
from gateway.settings import Settings
from gateway.staff import uploads
from gateway.staff.api import build_api
from store.unit import Store
from tests.clock import SetClock
from tests.staff.office import ON_ONE, TOKEN, Office, Replayer


def form_of(*files: tuple[str, bytes], **facts: str) -> FormData:
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, content in files:
        form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    for name, value in facts.items():
        form.add_field(name, value)
    return form


async def hand_in(office: Office, *files: tuple[str, bytes], **facts: str) -> tuple[int, dict[str, object]]:
    answer = await office.client.post("/api/v1/letters", data=form_of(*files, **facts))
    return answer.status, await answer.json(content_type=None)


async def test_several_files_are_one_letter_with_what_the_mailroom_knows_of_it(office: Office) -> None:
    status, answer = await hand_in(
        office,
        ("第一页.jpg", b"one"),
        ("../../第二页‮.jpg", b"two"),
        received_on="2026-11-20",
        postmark="2026-11-18",
        tracking_number="EMS-1234567890CN",
    )
    [given] = office.mailroom.given
    assert (status, answer) == (202, {"key": "key1", "new": True})
    assert [paper.content for paper in given.papers] == [b"one", b"two"]
    assert (given.received_on, given.postmark) == (date(2026, 11, 20), date(2026, 11, 18))
    assert given.tracking_number == "EMS-1234567890CN"
    assert [paper.name for paper in given.papers] == [
        "第一页.jpg",
        "../../第二页\u202e.jpg",
    ]  # the channel sees to names
    assert [action for _, action, _, _ in await office.audited()] == ["hand_in"]


@ON_ONE
async def test_an_envelope_comes_with_its_letter_and_empty_fields_say_nothing(office: Office) -> None:
    form = form_of(("a.pdf", b"%PDF"), received_on="", postmark="", tracking_number="")
    form.add_field("envelope", b"\xff\xd8", filename="信封.jpg")
    answer = await office.client.post("/api/v1/letters", data=form)
    assert answer.status == 202
    assert office.mailroom.given == [
        HandIn(papers=(Paper(name="a.pdf", content=b"%PDF"),), envelope=Paper(name="信封.jpg", content=b"\xff\xd8"))
    ]


@ON_ONE
async def test_what_can_be_nothing_that_we_read_is_refused_in_plain_words(office: Office) -> None:
    status, problem = await hand_in(office, ("virus.exe", b"MZ"))
    assert (status, problem["code"], problem["detail"]) == (422, "unreadable", "这不是扫描件 / not a scan")


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"received_on": "20.11.2026"}, 422, "invalid"),
        ({"received_on": "1700000000"}, 422, "invalid"),
        ({"received_on": "2026-11-24"}, 409, "not_yet"),
        ({"received_on": "1926-11-23"}, 409, "too_long_ago"),
        ({"received_on": "0001-01-01"}, 409, "too_long_ago"),
        ({"received_on": "2025-11-21"}, 409, "too_long_ago"),
        ({"postmark": "2062-11-18"}, 409, "not_yet"),
        ({"tracking_number": "EMS 1<script>"}, 422, "invalid"),
        ({"tracking_number": "1" * 41}, 422, "invalid"),
        ({"tracking_number": "1" * 4000}, 413, "too_large"),
        ({"whose": "mine"}, 422, "invalid"),
    ],
)
@ON_ONE
async def test_a_slip_of_the_pen_is_told_and_nothing_is_taken(
    office: Office, facts: dict[str, str], status: int, code: str
) -> None:
    told, problem = await hand_in(office, ("a.pdf", b"%PDF"), **facts)
    assert (told, problem["code"]) == (status, code)
    assert office.mailroom.given == []


@ON_ONE
async def test_a_day_long_past_is_told_in_plain_words(office: Office) -> None:
    _, problem = await hand_in(office, ("a.pdf", b"%PDF"), received_on="1969-12-31")
    assert problem["errors"] == [{"where": "received_on", "why": "more than 366 days ago"}]
    assert (await hand_in(office, ("a.pdf", b"%PDF"), received_on="2025-11-22"))[0] == 202


@ON_ONE
async def test_a_letter_without_a_file_is_none(office: Office) -> None:
    assert (await hand_in(office, received_on="2026-11-20"))[0] == 422


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"file=x", "application/x-www-form-urlencoded", 415),
        (b"nonsense", "multipart/form-data", 400),
        (b"nonsense", "multipart/form-data; boundary=x", 400),
        (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf', "multipart/form-data; boundary=x", 400),
        (b"--x\r\n\r\nno name\r\n--x--\r\n", "multipart/form-data; boundary=x", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="tracking_number"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
@ON_ONE
async def test_a_body_that_is_no_form_is_refused(office: Office, body: bytes, kind: str, status: int) -> None:
    answer = await office.client.post("/api/v1/letters", data=body, headers={"Content-Type": kind})
    assert answer.status == status
    assert office.mailroom.given == []


@ON_ONE
async def test_an_upload_has_an_end_in_bytes_and_in_parts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 5000)
    assert (await hand_in(office, ("a.pdf", b"x" * 6000)))[0] == 413
    assert (await hand_in(office, *[("a.pdf", b"x" * 900)] * 6))[0] == 413
    assert (await hand_in(office, *[("a.pdf", b"x")] * 41))[0] == 413
    monkeypatch.setattr(uploads, "MOST_BYTES", 50_000)
    assert (await hand_in(office, *[("a.pdf", b"x")] * 41))[0] == 422
    assert office.mailroom.given == []


@ON_ONE
async def test_a_scan_may_be_large(office: Office) -> None:
    assert (await hand_in(office, ("a.tif", b"x" * 5_000_000)))[0] == 202
    assert len(office.mailroom.given[0].papers[0].content) == 5_000_000


@ON_ONE
async def test_an_upload_that_never_ends_is_not_waited_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", office.client.port)
    head = f"POST /api/v1/letters HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    kind = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n"
    writer.write(f'{head}{kind}--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nslow'.encode())
    assert b"408" in await reader.readline()
    writer.close()


@ON_ONE
async def test_while_letters_are_off_nothing_can_be_handed_in(store: Store) -> None:
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr(TOKEN)))
    app = web.Application()
    app.add_subapp("/api/v1", build_api(house, Replayer(store)))
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        answer = await client.post("/api/v1/letters", data=form_of(("a.pdf", b"%PDF")))
        assert (answer.status, (await answer.json())["code"]) == (503, "letters_off")
