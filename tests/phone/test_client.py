"""What Twilio's codes, and its silences, mean for a message; and what its books say."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import client_exceptions

from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from channels.phone.client import Api
from channels.phone.refusals import KINDS, Kind, Shut, Unknown, blocks, error_for, kind_of
from tests.phone.carrier import CALLER, IMPATIENT, OURS, TOKEN, Desk, Trouble, a_desk, settings_for

RECORDING = "RE" + "7" * 32
CALL = "CA" + "5" * 32
CLASSES: dict[Kind, type[DeliveryError]] = {
    Kind.AGAIN: Retryable,
    Kind.WAY: Shut,
    Kind.PERSON: Unreachable,
    Kind.MESSAGE: Rejected,
    Kind.OURS: Misconfigured,
}


async def text(desk: Desk) -> str:
    return await desk.api.send_sms(to=CALLER, body="您好", status_callback="")


@pytest.mark.parametrize(("code", "kind"), list(KINDS.items()))
def test_every_code_of_the_table_has_its_answer(code: int, kind: Kind) -> None:
    error = error_for(400, code)
    assert type(error) is CLASSES[kind]
    assert str(error) == f"Twilio says {code}"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 99999, Kind.MESSAGE),
        (400, 0, Kind.MESSAGE),
        (401, 0, Kind.OURS),
        (403, 0, Kind.OURS),
        (404, 0, Kind.OURS),
        (429, 0, Kind.AGAIN),
        (500, 0, Kind.AGAIN),
        (503, 0, Kind.AGAIN),
        (400, 21610, Kind.PERSON),
        (403, 21408, Kind.WAY),
    ],
)
def test_what_no_table_holds_is_judged_by_its_status(status: int, code: int, kind: Kind) -> None:
    assert kind_of(status, code) is kind


@pytest.mark.parametrize(("code", "other"), [(30003, True), (30006, True), (21610, True), (30007, False), (0, False)])
def test_a_failed_message_goes_another_way_when_the_number_is_why(code: int, other: bool) -> None:
    assert blocks(code) is other


def foreign_errors() -> Iterator[type[Exception]]:
    """All but that of WebSockets, which we do not open."""
    for found in vars(client_exceptions).values():
        if isinstance(found, type) and issubclass(found, Exception) and not found.__name__.startswith("WS"):
            yield found


@pytest.mark.parametrize("foreign", list(foreign_errors()))
def test_no_error_of_the_http_library_is_left_untranslated(foreign: type[Exception]) -> None:
    assert issubclass(foreign, aiohttp.ClientError | TimeoutError | OSError)


async def test_a_text_leaves_with_our_number_and_our_login() -> None:
    async with a_desk() as desk:
        assert await text(desk) == "SM" + f"{1:032x}"
        (asked,) = desk.carrier.asked
        assert (asked.path, dict(asked.form)) == ("Messages.json", {"To": CALLER, "From": OURS, "Body": "您好"})
        assert asked.login == aiohttp.encode_basic_auth("AC" + "0" * 32, TOKEN)


async def test_an_api_key_logs_in_instead_of_the_token() -> None:
    async with a_desk(api_key="SK1", api_secret="secret") as desk:
        await text(desk)
        assert desk.carrier.asked[0].login == aiohttp.encode_basic_auth("SK1", "secret")


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(then="silent"),
        Trouble(then="drop"),
        Trouble(then="drip"),
        Trouble(status=500),
        Trouble(status=503, body="<html>sorry</html>"),
        Trouble(status=200, body="ok"),
        Trouble(status=201, body="[]"),
        Trouble(status=201, body='{"sid": 7}'),
        Trouble(status=201, body='{"sid": "../../Calls"}'),
    ],
    ids=["silent", "dropped", "drip", "500", "html", "no_json", "no_object", "no_sid", "bad_sid"],
)
async def test_when_nobody_told_what_became_of_it_that_is_said(trouble: Trouble) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(trouble)
        with pytest.raises(Unknown) as raised:
            await text(desk)
        assert raised.value.after == timedelta(minutes=1)
        assert len(desk.carrier.asked) == 1  # nothing is sent again by itself


async def test_a_carrier_that_is_not_there_took_nothing(unused_tcp_port: int) -> None:
    api = Api(settings_for(f"http://127.0.0.1:{unused_tcp_port}"))
    api.transport.patience = IMPATIENT
    with pytest.raises(Retryable) as raised:
        await api.send_sms(to=CALLER, body="您好", status_callback="")
    await api.aclose()
    assert not isinstance(raised.value, Unknown)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(status=401, code=20003), Misconfigured),
        (Trouble(status=404, code=20404), Misconfigured),
        (Trouble(status=307, body=""), Misconfigured),
        (Trouble(status=400, code=21610), Unreachable),
        (Trouble(status=400, code=21614), Shut),
        (Trouble(status=400, code=21617), Rejected),
        (Trouble(status=400, body="<html>"), Rejected),
    ],
)
async def test_a_plain_no_is_told_as_what_it_is_and_quotes_nobody(trouble: Trouble, error: type[DeliveryError]) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(trouble)
        with pytest.raises(error) as raised:
            await text(desk)
        assert CALLER not in f"{raised.value!r} {raised.value.__cause__!r}"


@pytest.mark.parametrize(("wish", "after"), [("7", 7), ("999999", 3600), ("soon", None), ("²", None)])
async def test_who_is_too_fast_waits_as_long_as_the_carrier_wishes(wish: str, after: int | None) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(
            Trouble(status=429, code=20429, headers={"Retry-After": wish.encode().decode("latin-1")})
        )
        with pytest.raises(Retryable) as raised:
            await text(desk)
        assert raised.value.after == (None if after is None else timedelta(seconds=after))


async def test_nothing_of_a_message_reaches_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_desk() as desk:
        await text(desk)
        await desk.api.find_messages(to=CALLER, body="您好", since=desk.clock.now())
    logged = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access"))
    assert CALLER not in logged
    assert TOKEN not in logged
    assert TOKEN not in repr(desk.settings)


async def test_a_call_is_looked_up_and_an_unknown_one_is_said_to_be_so() -> None:
    async with a_desk() as desk:
        began = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
        desk.carrier.calls.append(
            {
                "sid": CALL,
                "status": "completed",
                "from": CALLER,
                "to": OURS,
                "direction": "inbound",
                "duration": "62",
                "start_time": format_datetime(began),
            }
        )
        call = await desk.api.call(CALL)
        assert (call.status, call.from_, call.duration, call.started_at) == ("completed", CALLER, 62, began)
        for unknown in ("CA" + "6" * 32, "../Messages"):
            with pytest.raises(Rejected):
                await desk.api.call(unknown)


async def test_the_books_are_read_from_a_moment_on_whatever_the_days_of_the_filter_bring() -> None:
    async with a_desk() as desk:
        now = desk.clock.now()
        for hours, sid in ((1, "CA1"), (5, "CA2")):
            at = format_datetime(now - timedelta(hours=hours))
            desk.carrier.calls.append({"sid": sid, "status": "completed", "from": CALLER, "to": OURS, "start_time": at})
            desk.carrier.recordings.append(
                {"sid": f"RE{hours}", "call_sid": sid, "status": "completed", "date_created": at, "duration": "-1"}
            )
        desk.carrier.calls.extend([{"sid": None, "to": OURS}, {"sid": "CA9/../x", "to": OURS, "start_time": 5}])
        since = now - timedelta(hours=2)
        assert [call.sid for call in (await desk.api.calls_since(since)).facts] == ["CA1"]
        (recording,) = (await desk.api.recordings_since(since)).facts
        assert (recording.sid, recording.call_sid, recording.duration) == ("RE1", "CA1", None)
        assert desk.carrier.asked[0].query["StartTime>"] == f"{since:%Y-%m-%d}T00:00:00Z"


async def test_a_list_without_end_is_refused() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=200, body=" " * 3_000_000))
        with pytest.raises(Rejected):
            await desk.api.calls_since(desk.clock.now())


async def test_page_after_page_is_read_but_never_from_another_house() -> None:
    async with a_desk() as desk:
        root = f"/2010-04-01/Accounts/{desk.settings.account_sid}"
        page = '{"calls": [{"sid": "CA%d"}], "next_page_uri": "%s"}'
        for number, uri in ((1, f"{root}/Calls.json?Page=1"), (2, "https://evil.example/2010-04-01/")):
            desk.carrier.troubles.append(Trouble(status=200, body=page % (number, uri)))
        found = await desk.api.calls_since(desk.clock.now())
        assert ([call.sid for call in found.facts], found.whole) == (["CA1", "CA2"], True)
        assert len(desk.carrier.asked) == 2


async def test_a_list_that_is_none_is_asked_for_again_later() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=200, body="<html>"))
        with pytest.raises(Retryable):
            await desk.api.calls_since(desk.clock.now())


async def test_a_recording_is_fetched_and_may_then_go() -> None:
    async with a_desk() as desk:
        desk.carrier.sounds[RECORDING] = b"ID3 sound"
        desk.carrier.recordings.append({"sid": RECORDING, "call_sid": CALL, "status": "completed"})
        assert await desk.api.fetch_recording(RECORDING) == (b"ID3 sound", "audio/mpeg")
        await desk.api.delete_recording(RECORDING)
        await desk.api.delete_recording("RE" + "8" * 32)  # gone already
        assert [asked.method for asked in desk.carrier.asked] == ["GET", "DELETE", "DELETE"]


@pytest.mark.parametrize(
    ("status", "error"), [("processing", Retryable), ("completed", Retryable), ("absent", Rejected), ("", Rejected)]
)
async def test_a_recording_that_is_not_there_is_still_coming_or_gone(status: str, error: type[DeliveryError]) -> None:
    async with a_desk() as desk:
        if status:
            desk.carrier.recordings.append({"sid": RECORDING, "call_sid": CALL, "status": status})
        with pytest.raises(error):
            await desk.api.fetch_recording(RECORDING)


async def test_a_page_of_words_is_no_recording_and_a_huge_one_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.phone.client.RECORDING_CAP", 100)
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=200, body="<html>"))
        with pytest.raises(Retryable):
            await desk.api.fetch_recording(RECORDING)
        desk.carrier.sounds[RECORDING] = bytes(101)
        with pytest.raises(Rejected):
            await desk.api.fetch_recording(RECORDING)


async def test_recording_a_call_begins_and_ends_on_our_word() -> None:
    async with a_desk() as desk:
        await desk.api.record_call(CALL, "https://tousu.example/in/phone/recording")
        assert await desk.api.stop_recording(CALL)
        begin, end = desk.carrier.asked
        assert begin.form.getall("RecordingStatusCallbackEvent") == ["completed", "absent"]
        assert (end.path, dict(end.form)) == (f"Calls/{CALL}/Recordings/Twilio.CURRENT.json", {"Status": "stopped"})


@pytest.mark.parametrize(("status", "code", "fine"), [(404, 20404, True), (400, 21220, True), (400, 21999, False)])
async def test_to_stop_what_is_not_recorded_is_no_trouble(status: int, code: int, fine: bool) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=status, code=code))
        if fine:
            assert not await desk.api.stop_recording(CALL)
            return
        with pytest.raises(Rejected):
            await desk.api.stop_recording(CALL)


async def test_calls_to_other_numbers_of_the_account_are_not_asked_for() -> None:
    async with a_desk() as desk:
        now = format_datetime(desk.clock.now())
        for sid, to in (("CA1", OURS), ("CA2", "+85239999999")):
            desk.carrier.calls.append({"sid": sid, "from": CALLER, "to": to, "start_time": now})
        assert [call.sid for call in (await desk.api.calls_since(desk.clock.now())).facts] == ["CA1"]


async def test_a_list_with_more_pages_than_are_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Api._all, "__kwdefaults__", {"pages": 2})
    async with a_desk() as desk:
        page = '{"recordings": [{"sid": "RE%d"}], "next_page_uri": "/2010-04-01/Accounts/%s/Recordings.json?Page=%d"}'
        for number in (1, 2, 3):
            body = page % (number, desk.settings.account_sid, number)
            desk.carrier.troubles.append(Trouble(status=200, body=body))
        found = await desk.api.recordings_since(desk.clock.now())
        assert ([tape.sid for tape in found.facts], found.whole) == (["RE1", "RE2"], False)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble(status=500), Unknown),
        (Trouble(status=408), Unknown),
        (Trouble(then="drop"), Unknown),
        (Trouble(status=429), Retryable),
        (Trouble(status=400, code=21220), Rejected),
    ],
)
async def test_a_call_may_be_recorded_unless_twilio_plainly_refused(
    trouble: Trouble, error: type[DeliveryError]
) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(trouble)
        with pytest.raises(DeliveryError) as raised:
            await desk.api.record_call(CALL, "https://tousu.example/in/phone/recording")
        assert type(raised.value) is error
