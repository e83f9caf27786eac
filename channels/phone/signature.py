"""What Twilio signed: its own proof, checked before anything is read.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import ClientError, web
from multidict import MultiDict
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from channels.errors import Unauthentic, Unreadable
from channels.origin import UNPROVEN, Checks
from channels.phone.settings import PhoneSettings
from channels.phone.words import clean

Form = Mapping[str, str]  # what was told, by name; of a name told twice the last value
Signed = MultiDict[str] | str  # a form, or a JSON body as text

MAX_BODY = 64 * 1024
MAX_FIELDS = 500
READ_SECONDS = 4.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BODY_HASH = "bodySHA256"  # in the address of a request whose body is JSON; without it the body is not signed


class SignedForAnother(Unauthentic):
    """Signed with our token, but for another address of ours than TOUSU_PUBLIC_URL."""


async def read_signed(request: web.Request, settings: PhoneSettings) -> Form:
    """What Twilio tells us; while checks only report, marked when it may be anybody's.

    Raises Unauthentic, Unreadable, HTTPRequestEntityTooLarge, HTTPRequestTimeout.
    """
    signature, enforced = request.headers.get(SIGNATURE_HEADER, ""), settings.checks is Checks.ENFORCE
    if not signature and enforced:
        raise Unauthentic("unsigned")
    signed = _signed(request, await _body(request))
    if is_signed(address(request, settings), signed, signature, settings):
        return _form(request, signed)
    if enforced:
        raise _wrong(request, signed, signature, settings)
    return {**_form(request, signed), UNPROVEN: "yes"}


def address(request: web.Request, settings: PhoneSettings) -> str:
    """The address as Twilio called it: what a proxy says of itself, anybody may say."""
    return (settings.public_url.rstrip("/") or f"http://{request.host}") + request.raw_path


def is_signed(url: str, signed: Signed, signature: str, settings: PhoneSettings) -> bool:
    """True when one of our tokens made this signature for what was told at this address."""
    try:
        return any(RequestValidator(token).validate(url, signed, signature) for token in settings.auth_tokens)
    except ValueError:  # an address that is none, or text that no encoding holds
        return False


def _wrong(request: web.Request, signed: Signed, signature: str, settings: PhoneSettings) -> Unauthentic:
    """Why it is refused: forged, or sent to where its Host says and we are set up as somebody else."""
    called = (f"{scheme}://{request.host}{request.raw_path}" for scheme in ("https", "http"))
    if any(is_signed(url, signed, signature, settings) for url in called):
        return SignedForAnother("signed for another address")
    return Unauthentic("wrong signature")


def _signed(request: web.Request, body: bytes) -> Signed:
    """The part of the request that the signature is made of; a body of another type can have none."""
    try:
        if not body or request.method == "GET":
            return MultiDict()
        if request.content_type == FORM:
            told = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)
            return MultiDict(told)
        if request.content_type == JSON and BODY_HASH in request.query:
            return body.decode()
    except ValueError as error:
        raise Unauthentic("a body that cannot have been signed") from error
    raise Unauthentic("a body of a type that is not signed")


def _form(request: web.Request, signed: Signed) -> Form:
    told = {name: value for name, value in request.query.items() if name != BODY_HASH}
    told.update(_object(signed) if isinstance(signed, str) else signed.items())
    return {clean(name): clean(value) for name, value in told.items() if clean(name) != UNPROVEN}


def _object(body: str) -> dict[str, str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("a JSON body that is none") from error
    if not isinstance(told, dict):
        raise Unreadable("a JSON body that names nothing")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}


async def _body(request: web.Request) -> bytes:
    """The body, unpacked, never more of it than the limit."""
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY:
                    raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY, actual_size=len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ClientError, ConnectionError) as error:
        raise Unauthentic("the body broke off, or is not packed as its header says") from error
    return bytes(body)
