"""Staff who listen to a recording in the console go back and forth in it."""

from __future__ import annotations

from gateway.staff.actor import COOKIE
from store.unit import Store
from tests.console.tickets import open_floor
from tests.staff.office import ON_ONE

RECORDING = bytes(range(256)) * 4


@ON_ONE
async def test_a_recording_is_heard_from_the_middle_on(store: Store) -> None:
    async with open_floor(store) as floor:
        case = await floor.office.complaint()
        call = await floor.office.file(case, content=RECORDING, media_type="audio/mpeg", name="call.mp3")
        cookies = {COOKIE: floor.desk.cookie, "tousu_reveal": await floor.revealed(case)}
        path = f"/console/complaints/{case.number}/files/{call.id}"
        part = await floor.desk.client.get(path, cookies=cookies, headers={"Range": "bytes=512-"})
        assert (part.status, await part.read()) == (206, RECORDING[512:])
        assert part.headers["Content-Range"] == "bytes 512-1023/1024"
        assert part.headers["Content-Disposition"].startswith("inline")
        beyond = await floor.desk.client.get(path, cookies=cookies, headers={"Range": "bytes=4096-"})
        assert beyond.status == 416
