"""Recordings.json: record a call, stop, find, fetch and delete what was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from channels.base import Handler
from channels.phone.simulator.audio import mp3, wav
from channels.phone.simulator.call import Call
from channels.phone.simulator.exchange import Exchange
from channels.phone.simulator.faults import missing, refusal
from channels.phone.simulator.paging import newest_first, page_of, within
from channels.phone.simulator.shapes import of_tape
from channels.phone.simulator.tapes import Tape

CURRENT = "Twilio.CURRENT"
SOUNDS = {"mp3": (mp3, "audio/mpeg"), "wav": (wav, "audio/x-wav")}


class RestRecordings:
    """The recordings' part of the interface."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.tapes = exchange.tapes

    def routes(self) -> Iterable[tuple[str, str, str, Handler]]:
        yield "POST", "Calls/{call}/Recordings.json", "CallRecordings", self.create
        yield "GET", "Calls/{call}/Recordings.json", "CallRecordings", self.list
        yield "POST", "Calls/{call}/Recordings/{sid}.json", "CallRecordings", self.change
        yield "GET", "Recordings.json", "Recordings", self.list
        yield "GET", "Recordings/{sid}.json", "Recordings", self.fetch
        yield "DELETE", "Recordings/{sid}.json", "Recordings", self.delete
        yield "GET", "Recordings/{sid}.{kind:mp3|wav}", "Audio", self.audio

    async def create(self, request: web.Request) -> web.Response:
        call = self.exchange.calls.get(request.match_info["call"])
        if call is None:
            return missing(request)
        if call.state != "in-progress":
            return refusal(400, 21220, "Requested resource is not eligible for recording")
        form = await request.post()
        events = " ".join(str(event) for event in form.getall("RecordingStatusCallbackEvent", []))
        callback, method = (
            str(form.get(name, "")) for name in ("RecordingStatusCallback", "RecordingStatusCallbackMethod")
        )
        tape = self.tapes.begin(call, "StartCallRecordingAPI", callback, method, events)
        self.exchange.soon(self.tapes.tell(tape))
        return web.json_response(of_tape(self.exchange, tape), status=201)

    async def change(self, request: web.Request) -> web.Response:
        """``stopped`` and ``paused``, and ``in-progress`` to go on after a pause."""
        call = self.exchange.calls.get(request.match_info["call"])
        tape = self._running(call, request.match_info["sid"]) if call else None
        if tape is None:
            return missing(request)
        wanted = str((await request.post()).get("Status", ""))
        if wanted not in ("stopped", "paused", "in-progress"):
            return refusal(400, 21218, f"Invalid Status {wanted!r}")
        if wanted == "stopped":
            self.tapes.end(tape)
            self.exchange.soon(self.tapes.tell_whole(tape))
        else:
            tape.status = wanted
        return web.json_response(of_tape(self.exchange, tape))

    def _running(self, call: Call, sid: str) -> Tape | None:
        running = (tape for tape in self.tapes.of(call) if tape.running and tape.source != "RecordVerb")
        return next((tape for tape in running if sid in (CURRENT, tape.sid)), None)

    async def list(self, request: web.Request) -> web.Response:
        asked = [tape for tape in newest_first(self.tapes.kept.values()) if _matches(request, tape)]
        return page_of(request, "recordings", [of_tape(self.exchange, tape) for tape in asked])

    async def fetch(self, request: web.Request) -> web.Response:
        tape = self.tapes.kept.get(request.match_info["sid"])
        return web.json_response(of_tape(self.exchange, tape)) if tape else missing(request)

    async def delete(self, request: web.Request) -> web.Response:
        if self.tapes.kept.pop(request.match_info["sid"], None) is None:
            return missing(request)
        self.exchange.changed()
        return web.Response(status=204)

    async def audio(self, request: web.Request) -> web.Response:
        """The file, once it is there; 404 before."""
        tape = self.tapes.kept.get(request.match_info["sid"])
        if tape is None or not self.tapes.ready(tape):
            return missing(request)
        make, media_type = SOUNDS[request.match_info["kind"]]
        return web.Response(body=make(tape.duration or 0), content_type=media_type)


def _matches(request: web.Request, tape: Tape) -> bool:
    sid = request.match_info.get("call") or request.query.get("CallSid", tape.call.sid)
    return sid == tape.call.sid and within(request, "DateCreated", tape.started_at)
