"""Every request of ours is one that Twilio's published interface knows, and that its own library would have made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from multidict import MultiDict
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.errors import DeliveryError
from channels.phone.client import Api
from tests.phone.carrier import ACCOUNT, CALLER, OURS, PUBLIC, TOKEN, Asked, Desk, a_desk

CONTRACT = json.loads(Path(__file__).with_name("twilio_api_v2010.json").read_text("utf-8"))["operations"]
CALL, RECORDING = "CA" + "5" * 32, "RE" + "7" * 32
SOUND = re.compile(r"Recordings/RE[0-9a-f]{32}\.mp3")  # the file itself, which no OpenAPI describes
Schema = Mapping[str, Any]

FORMATS: Mapping[str, Callable[[str], object]] = {
    "uri": lambda value: urlsplit(value).scheme in ("http", "https") and urlsplit(value).netloc,
    "phone-number": re.compile(r"\+?[0-9]{3,15}").fullmatch,
    "endpoint": re.compile(r"\+?[0-9]{3,15}").fullmatch,
    "date-time": lambda value: value.endswith("Z") and datetime.fromisoformat(value),
}


def wrongs(asked: Asked) -> Iterator[str]:
    """What the contract holds against a request."""
    found = operation(asked)
    if found is None:
        yield f"no operation {asked.method} {asked.path}"
        return
    rules, path = found
    for part, values in (("path", path), ("query", asked.query), ("form", asked.form)):
        for name in dict.fromkeys(values):
            schema = rules.get(part, {}).get(name)
            yield from [f"unknown {name}"] if schema is None else wrong_values(name, schema, values.getall(name))
    yield from (f"{name} is missing" for name in rules.get("required", []) if name not in asked.form)
    yield from (f"one of {names}" for names in rules.get("one_of", []) if not set(names) & set(asked.form))


def operation(asked: Asked) -> tuple[Schema, MultiDict[str]] | None:
    full = f"{asked.method} /2010-04-01/Accounts/{ACCOUNT}/{asked.path}"
    for template, rules in CONTRACT.items():
        match = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)), full)
        if match:
            return rules, MultiDict(match.groupdict())
    return None


def wrong_values(name: str, schema: Schema, values: list[str]) -> Iterator[str]:
    if schema["type"] != "array" and len(values) > 1:
        yield f"{name} is told {len(values)} times"
    for value in values if schema["type"] != "array" else []:
        if not fits(schema, value):
            yield f"{name}={value!r} is no {schema}"


def fits(schema: Schema, value: str) -> bool:
    if schema["type"] in ("integer", "number"):
        return value.isdecimal() and schema.get("minimum", 0) <= int(value) <= schema.get("maximum", 10**9)
    if schema["type"] == "boolean":
        return value in ("true", "false")
    return (
        value in schema.get("enum", [value])
        and re.search(schema.get("pattern", ""), value) is not None
        and ("format" not in schema or bool(FORMATS[schema["format"]](value)))
    )


async def everything(desk: Desk) -> None:
    """Each request that we can make, once."""
    api, now = desk.api, desk.clock.now()
    await api.send_sms(to=CALLER, body="您好", status_callback=f"{PUBLIC}/in/phone/message?d=1")
    await api.place_call(
        to=CALLER, url=f"{PUBLIC}/in/phone/tell?d=1", status_callback=f"{PUBLIC}/in/phone/told?d=1", detect_machine=True
    )
    await api.find_messages(to=CALLER, body="您好", since=now)
    await api.find_calls(to=CALLER, since=now)
    await api.calls_since(now)
    await api.placed_since(now)
    await api.messages_since(now)
    await api.recordings_since(now)
    desk.carrier.calls.append({"sid": CALL})
    desk.carrier.recordings.append({"sid": RECORDING, "status": "completed"})
    await api.call(CALL)
    with pytest.raises(DeliveryError):  # not there yet: its facts are looked up
        await api.fetch_recording(RECORDING)
    await api.record_call(CALL, f"{PUBLIC}/in/phone/recording")
    await api.stop_recording(CALL)
    await api.delete_recording(RECORDING)


async def test_every_request_is_as_the_published_interface_wants_it() -> None:
    async with a_desk() as desk:
        await everything(desk)
        made = [asked for asked in desk.carrier.asked if not SOUND.fullmatch(asked.path)]
        assert {f"{asked.method} {asked.path}": list(wrongs(asked)) for asked in made if list(wrongs(asked))} == {}
        assert {template for template in CONTRACT if not any(_is(template, asked) for asked in made)} == set()


def _is(template: str, asked: Asked) -> bool:
    found = operation(asked)
    return found is not None and found[0] is CONTRACT[template]


def test_everything_that_the_client_can_ask_is_looked_at_here() -> None:
    verbs = {name for name, value in vars(Api).items() if not name.startswith("_") and callable(value)}
    assert verbs - {"aclose"} == {
        "send_sms",
        "place_call",
        "find_messages",
        "find_calls",
        "call",
        "calls_since",
        "placed_since",
        "messages_since",
        "recordings_since",
        "fetch_recording",
        "delete_recording",
        "record_call",
        "stop_recording",
    }


@pytest.mark.parametrize(
    ("method", "path", "query", "form", "wrong"),
    [
        ("POST", "Messages.json", {}, {"To": CALLER, "From": OURS}, "one of"),
        ("POST", "Messages.json", {}, {"From": OURS, "Body": "x"}, "To is missing"),
        ("POST", "Messages.json", {}, {"To": CALLER, "From": OURS, "Body": "x", "Text": "x"}, "unknown Text"),
        ("POST", "Messages.json", {}, {"To": CALLER, "From": OURS, "Body": "x", "StatusCallback": "x"}, "is no"),
        ("POST", "Calls.json", {}, {"To": CALLER, "From": OURS, "Url": PUBLIC, "Timeout": "long"}, "is no"),
        ("POST", "Calls.json", {}, {"To": CALLER, "From": OURS, "Url": PUBLIC, "Method": "FOO"}, "is no"),
        ("GET", "Calls.json", {"StartTime>": "yesterday Z"}, {}, "Invalid isoformat"),
        ("GET", "Calls.json", {"PageSize": "5000"}, {}, "is no"),
        ("GET", "Calls/SM5.json", {}, {}, "is no"),
        ("GET", "Nothing.json", {}, {}, "no operation"),
    ],
)
def test_a_request_that_is_wrong_would_be_seen(
    method: str, path: str, query: dict[str, str], form: dict[str, str], wrong: str
) -> None:
    asked = Asked(method=method, path=path, query=MultiDict(query), form=MultiDict(form), login="")
    try:
        found = " ".join(wrongs(asked))
    except ValueError as error:
        found = str(error)
    assert wrong in found


class Spy(HttpClient):  # type: ignore[misc]  # twilio ships no types
    """Keeps what Twilio's library would send."""

    def __init__(self) -> None:
        super().__init__(None, False, None)
        self.asked: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = []

    def request(self, method: str, uri: str, params: Any = None, data: Any = None, **_: Any) -> Response:
        path = urlsplit(uri).path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/")
        self.asked.append((method.upper(), path, params or {}, data or {}))
        empty = {"sid": "x", "messages": [], "calls": [], "recordings": [], "meta": {"key": "calls"}}
        return Response({"POST": 201, "DELETE": 204}.get(method.upper(), 200), json.dumps(empty))


def by_the_library(now: datetime) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    spy = Spy()
    client = Client(ACCOUNT, TOKEN, http_client=spy)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    client.messages.create(to=CALLER, from_=OURS, body="您好", status_callback=f"{PUBLIC}/in/phone/message?d=1")
    client.calls.create(
        to=CALLER,
        from_=OURS,
        url=f"{PUBLIC}/in/phone/tell?d=1",
        method="POST",
        status_callback=f"{PUBLIC}/in/phone/told?d=1",
        status_callback_method="POST",
        status_callback_event=["completed"],
        timeout=30,
        time_limit=600,
        machine_detection="Enable",
    )
    client.messages.page(to=CALLER, from_=OURS, page_size=200)
    client.calls.page(to=CALLER, from_=OURS, page_size=200)
    client.calls.page(to=OURS, start_time_after=day, page_size=200)
    client.calls.page(from_=OURS, start_time_after=day, page_size=200)
    client.messages.page(from_=OURS, date_sent_after=day, page_size=200)
    client.recordings.page(date_created_after=day, page_size=200)
    client.calls(CALL).fetch()
    client.recordings(RECORDING).fetch()
    client.calls(CALL).recordings.create(
        recording_status_callback=f"{PUBLIC}/in/phone/recording",
        recording_status_callback_method="POST",
        recording_status_callback_event=["completed", "absent"],
        trim="do-not-trim",
    )
    client.calls(CALL).recordings("Twilio.CURRENT").update(status="stopped")
    client.recordings(RECORDING).delete()
    return spy.asked


async def test_twilios_own_library_would_have_asked_the_same() -> None:
    async with a_desk() as desk:
        await everything(desk)
        ours = [
            (asked.method, asked.path, _flat(asked.query), _flat(asked.form))
            for asked in desk.carrier.asked
            if not SOUND.fullmatch(asked.path)
        ]
        theirs = by_the_library(desk.clock.now())
    assert ours == [(method, path, _listed(query), _listed(form)) for method, path, query, form in theirs]


def _flat(values: MultiDict[str]) -> dict[str, list[str]]:
    return {name: values.getall(name) for name in values}


def _listed(values: Mapping[str, Any]) -> dict[str, list[str]]:
    return {
        name: [str(each) for each in (value if isinstance(value, list) else [value])] for name, value in values.items()
    }
