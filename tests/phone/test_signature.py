"""Only what Twilio signed is read; the vectors are those of Twilio's own library."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from multidict import MultiDict
from structlog.testing import capture_logs

from channels.phone.signature import MAX_BODY, is_signed
from tests.phone.line import CALL, CALLER, PUBLIC, Builder, House, form, settings_for, sign

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
TWICE = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
BODY = '{"property": "value", "boolean": true}'
HASHED = URL + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
SETTINGS = settings_for(auth_token="12345")
KEYED = settings_for(auth_token="1c892n40nd03kdnc0112slzkl3091j20")


@pytest.mark.parametrize(
    ("url", "told", "signature"),
    [
        (URL, MultiDict(PARAMS), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL, MultiDict(TWICE), "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (URL.replace(".com", ".com:1234"), MultiDict(PARAMS), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:1234").replace("https", "http"), MultiDict(PARAMS), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (URL, MultiDict(PARAMS), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http"), MultiDict(PARAMS), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (HASHED, BODY, "a9nBmqA0ju/hNViExpshrM61xv4="),
    ],
)
def test_what_twilios_library_publishes_as_signed_is_signed(
    url: str, told: MultiDict[str] | str, signature: str
) -> None:
    assert is_signed(url, told, signature, SETTINGS)
    assert not is_signed(url, told, signature, KEYED)
    assert not is_signed(url + "x", told, signature, SETTINGS)
    assert not is_signed(url, told, signature[:-2] + "x=", SETTINGS)


def test_another_body_under_the_same_signature_is_not_signed() -> None:
    assert not is_signed(HASHED, BODY + " ", "a9nBmqA0ju/hNViExpshrM61xv4=", SETTINGS)


@pytest.mark.parametrize("url", ["http://[/in", "http://a:b/c", "http://a/\udc80"])
def test_an_address_that_is_none_is_not_signed(url: str) -> None:
    assert not is_signed(url, MultiDict(PARAMS), "RSOYDt4T1cUTdK1PDd93/VVr8B8=", SETTINGS)


async def test_a_forged_call_is_refused_and_counted_and_leaves_nothing(house: House) -> None:
    heard = [
        await house.ask("/call", form(), token="another"),
        await house.ask("/call", form(), headers={"X-Twilio-Signature": ""}),
        await house.ask("/call", form(), public="https://evil.example"),
        await house.ask("/step?n=1", form(SpeechResult="我要投诉"), token="another"),
        await house.ask("/status", form(CallStatus="completed"), token="another"),
        await house.ask("/partial?n=1", form(UnstableSpeechResult="x"), token="another"),
        await house.ask("/recording", form(), token="another"),
        await house.ask("/whisper", form(), token="another"),
    ]
    assert {one.status for one in heard} == {403}
    assert all(len(one.text) < 20 for one in heard)
    assert house.channel.state()["forged"] == "8"
    assert not house.inbox.stored
    assert not house.inbox.reports_of_calls
    assert not house.memory.values


async def test_what_a_proxy_says_of_itself_is_not_believed(house: House) -> None:
    heard = await house.ask(
        "/call", form(), public="https://evil.example", headers={"X-Forwarded-Host": "evil.example"}
    )
    assert heard.status == 403


async def test_both_tokens_are_good_while_they_are_rotated(build: Builder) -> None:
    house = await build(auth_token_secondary="the-next")
    assert (await house.ask("/call", form(), token="the-next")).status == 200
    assert (await house.ask("/call", form())).status == 200
    assert (await house.ask("/call", form(), token="")).status == 403


async def test_without_a_public_address_it_is_the_one_we_were_called_by(build: Builder) -> None:
    house = await build(public_url="")
    assert (await house.ask("/call", form(), public=house.base)).status == 200
    assert (await house.ask("/call", form())).status == 403


@pytest.mark.parametrize("public", ["https://tousu.example/", "https://tousu.example:8443", "https://x.example/behind"])
async def test_a_public_address_may_end_in_a_slash_name_a_port_or_lie_deeper(build: Builder, public: str) -> None:
    house = await build(public_url=public)
    assert (await house.ask("/call", form(), public=public.rstrip("/"))).status == 200


async def test_the_address_is_signed_as_it_was_called_not_as_it_would_be_written(house: House) -> None:
    assert (await house.ask("/call?a=%2F%7e%E6%8A%95+x", form())).status == 200


async def test_a_name_told_twice_is_signed_with_both_and_the_last_counts(house: House) -> None:
    told = [*form().items(), ("SpeechResult", "一"), ("SpeechResult", "二"), ("Empty", "")]
    url = "/in/phone/step?n=1"
    signature = sign(PUBLIC + url, MultiDict(told))
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    heard = await house.send("POST", url, urlencode(told).encode(), headers)
    assert heard.status == 200
    assert house.inbox.of(f"{CALL}:1").text == "二"


async def test_the_number_may_be_set_to_call_by_get(house: House) -> None:
    heard = await house.ask("/call", form(CallStatus="ringing"), method="GET")
    assert heard.status == 200
    assert house.inbox.only.sender.value == CALLER


async def test_a_json_body_is_signed_by_its_hash_in_the_address_only(house: House) -> None:
    body = '{"CallSid":"CA12","From":"+85261234567","CallStatus":"ringing","Flag":true}'
    assert (await house.ask_json("/call", body)).status == 200
    assert (await house.ask_json("/call", body.replace("CA12", "CA13"), signed=body)).status == 403
    assert (await house.ask_json("/call", body, hashed=False)).status == 403
    assert list(house.inbox.stored) == ["CA12:0"]


@pytest.mark.parametrize("body", ["[]", "{", '"x"', "[" * 30_000])
async def test_a_signed_json_body_that_names_nothing_is_unreadable(house: House, body: str) -> None:
    assert (await house.ask_json("/call", body)).status == 400
    assert house.channel.state()["unreadable"] == "1"


async def test_a_tampered_form_does_not_pass_for_a_hashed_body(house: House) -> None:
    """A replayed address with the hash of a JSON body signs no form."""
    digest = "bodySHA256=" + "0" * 64
    url = f"/in/phone/call?{digest}"
    headers = {"X-Twilio-Signature": sign(PUBLIC + url, {})}
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await house.send("POST", url, urlencode(form()).encode(), headers | form_type)).status == 403
    text = {"Content-Type": "text/plain"}
    assert (await house.send("POST", url, b"CallSid=CA1", headers | text)).status == 403


async def test_bodies_too_large_broken_or_in_no_encoding_are_refused(house: House) -> None:
    headers = {"X-Twilio-Signature": "x", "Content-Type": "application/x-www-form-urlencoded"}
    assert (await house.send("POST", "/in/phone/call", b"a" * (MAX_BODY + 1), headers)).status == 413
    packed = headers | {"Content-Encoding": "gzip"}
    assert (await house.send("POST", "/in/phone/call", gzip.compress(b"a" * 10_000_000), packed)).status == 413
    assert (await house.send("POST", "/in/phone/call", b"a=\xff", headers)).status == 403
    assert (await house.send("POST", "/in/phone/call", b"&".join([b"a=1"] * 600), headers)).status == 403
    assert (await house.send("POST", "/in/phone/call", b"no gzip", packed)).status == 403


async def test_a_body_that_never_ends_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.phone.signature.READ_SECONDS", 0.1)
    gate = asyncio.Event()

    async def drip() -> AsyncIterator[bytes]:
        yield b"CallSid="
        await gate.wait()

    heard = await house.send("POST", "/in/phone/call", drip(), {"X-Twilio-Signature": "x"})
    assert heard.status == 408
    gate.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_request_signed_for_another_address_of_ours_is_refused_and_explained_once(
    house: House, scheme: str
) -> None:
    here = house.base.replace("http", scheme)
    with capture_logs() as logs:
        for path in ("/status", "/call", "/call"):
            assert (await house.ask(path, form(), public=here)).status == 403
    state = house.channel.state()
    assert (state["signed_for_another_address"], "forged" in state) == ("3", False)
    assert "TOUSU_PUBLIC_URL" in state["address"]
    assert "problem" not in state
    (warning,) = [line for line in logs if line["log_level"] == "warning"]
    assert not any(secret in str(warning) for secret in (CALLER, CALL, house.base))
    assert not house.inbox.stored
    await house.ask("/call", form())
    assert "address" in house.channel.state(), "reports still come by the other"
    await house.ask("/status", form(CallStatus="completed"))
    assert "address" not in house.channel.state()


async def test_whoever_has_no_token_is_a_forger_at_every_address(house: House) -> None:
    assert (await house.ask("/call", form(), public=house.base, token="another")).status == 403
    assert house.channel.state()["forged"] == "1"
    assert "address" not in house.channel.state()
