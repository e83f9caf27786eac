"""Whoever listens to a recording goes back and forth in it: one part of its bytes at a time."""

from __future__ import annotations

import pytest
from aiohttp import ClientResponse

from tests.staff.office import ON_ONE, Office

pytestmark = ON_ONE
RECORDING = bytes(range(256)) * 4
WHOLE = 200


async def listen(office: Office, **headers: str) -> ClientResponse:
    case = await office.complaint()
    file = await office.file(case, content=RECORDING, media_type="audio/mpeg", name="call.mp3")
    path = f"/api/v1/complaints/{case.number}/attachments/{file.id}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await office.client.get(path, params={"unmask": "复听"}, headers=named)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, 1023),
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("Bytes=1000-999999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-99999", 0, 1023),
    ],
)
async def test_a_listener_who_goes_back_hears_that_part(office: Office, asked: str, first: int, last: int) -> None:
    answer = await listen(office, Range=asked)
    assert (answer.status, await answer.read()) == (206, RECORDING[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=9-3", "bytes=0-1,5-6", "seconds=0-9", "bytes=1-x", "bytes=" + "9" * 5000]
)
async def test_what_is_no_range_or_several_is_answered_with_the_whole(office: Office, asked: str) -> None:
    answer = await listen(office, Range=asked)
    assert (answer.status, await answer.read()) == (WHOLE, RECORDING)
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
async def test_a_part_behind_the_end_is_not_there(office: Office, asked: str) -> None:
    answer = await listen(office, Range=asked)
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */1024")
    assert (await answer.json())["code"] == "no_such_part"


async def test_a_part_of_another_recording_than_was_begun_is_the_whole_of_this_one(office: Office) -> None:
    same = (await listen(office)).headers["ETag"]
    assert (await listen(office, Range="bytes=5-9", If_Range=same)).status == 206
    assert (await listen(office, Range="bytes=5-9", If_Range='"other"')).status == WHOLE


async def test_each_part_that_is_heard_stands_in_the_audit_trail(office: Office) -> None:
    await listen(office, Range="bytes=0-9")
    [(actor, action, _, detail)] = await office.audited()
    assert (actor, action, detail["reason"]) == ("api", "unmask", "复听")
