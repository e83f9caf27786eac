"""The insurer's OpenID provider: discovery, the code for a token, the keys (OpenID Connect Core 1.0, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr

from channels.base import Clock
from channels.open_net import guarded
from gateway.guests.address import Names, address_of
from gateway.staff.signin.id_token import KINDS, Claims, UnknownKey, Untrusted, read_id_token

SECONDS = aiohttp.ClientTimeout(total=10)
MOST_BYTES = 256 * 1024
WELL_KNOWN = "/.well-known/openid-configuration"
KEPT = timedelta(hours=1)
ASKED_AGAIN = timedelta(minutes=1)  # forged tokens with keys nobody knows must not make us a flood at the provider
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NAMES = Names(url="TOUSU_OIDC_ISSUER", key="TOUSU_OIDC_CLIENT_SECRET", model="", carries="who signs in")


class Away(Exception):
    """The provider does not answer as it should; the message is for the log and quotes nothing of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """How we are known to the provider, and which of its claims we go by."""

    issuer: str
    client_id: str
    client_secret: SecretStr  # empty: a public client, which PKCE alone protects
    scopes: str = "openid profile email"
    login_claim: str = "preferred_username"  # or email
    role_claim: str = ""  # empty: roles are given here, never there
    branch_claim: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A sign-in on its way to the provider; all but the address stays with us."""

    address: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """Talks to one provider. Plain http is for loopback alone."""

    def __init__(self, client: Client, clock: Clock) -> None:
        """Raises ValueError for an issuer that is no https address."""
        self.client = client
        self._clock = clock
        self._discovery = address_of(client.issuer, WELL_KNOWN, NAMES)
        self._session: aiohttp.ClientSession | None = None
        self._outside: aiohttp.ClientSession | None = None  # for hosts that the provider names
        self._known: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    async def begin(self, redirect: str) -> Begun:
        """Where to send the browser, with everything that ties the answer to it; raises Away."""
        metadata = await self._metadata()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": redirect,
            "scope": self.client.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = metadata["authorization_endpoint"]
        address = f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"
        return Begun(address=address, state=state, nonce=nonce, verifier=verifier)

    async def finish(self, code: str, begun: Begun, redirect: str) -> Claims:
        """Who the provider says it is; raises Away, or Untrusted for a token that does not hold."""
        token = await self._exchange(code, begun.verifier, redirect)
        now = self._clock.now()
        try:
            return read_id_token(token, await self._key_set(KEPT), self.client, begun.nonce, now)
        except UnknownKey:
            return read_id_token(token, await self._key_set(ASKED_AGAIN), self.client, begun.nonce, now)

    async def aclose(self) -> None:
        for session in (self._session, self._outside):
            if session is not None:
                await session.close()

    async def _metadata(self) -> Mapping[str, Any]:
        now = self._clock.now()
        if self._known is None or now - self._known[0] >= KEPT:
            found = await self._json("GET", self._discovery)
            if found.get("issuer") != self.client.issuer:
                raise Away("the provider is another issuer than TOUSU_OIDC_ISSUER")
            for name in ENDPOINTS:
                _check_address(found.get(name))
            self._known = now, found
        return self._known[1]

    async def _key_set(self, kept: timedelta) -> KeySet:
        now = self._clock.now()
        if self._keys is None or now - self._keys[0] >= kept:
            found = await self._json("GET", (await self._metadata())["jwks_uri"])
            self._keys = now, _keys_in(found)
        return self._keys[1]

    async def _exchange(self, code: str, verifier: str, redirect: str) -> str:
        metadata = await self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
            "client_id": self.client.client_id,
        }
        way = self._proof(metadata)
        found = await self._json("POST", metadata["token_endpoint"], data={**form, **way.form}, headers=way.headers)
        token = found.get("id_token")
        if not isinstance(token, str):
            raise Away("the provider gave no ID token")
        return token

    def _proof(self, metadata: Mapping[str, Any]) -> _Proof:
        """Who we are: in the header as RFC 6749 wants it, unless the provider takes it in the form alone."""
        secret = self.client.client_secret.get_secret_value()
        ways = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not secret:
            return _Proof(form={}, headers={})
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            return _Proof(form={"client_secret": secret}, headers={})
        pair = f"{quote(self.client.client_id, safe='')}:{quote(secret, safe='')}"
        return _Proof(form={}, headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"})

    async def _json(self, method: str, address: str, **request: Any) -> Mapping[str, Any]:
        try:
            async with self._session_for(address).request(method, address, allow_redirects=False, **request) as answer:
                content = await answer.content.read(MOST_BYTES)
                found = orjson.loads(content) if answer.status == 200 and answer.content.at_eof() else None
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            raise Away(type(error).__name__) from None
        if not isinstance(found, dict):
            raise Away(f"the provider answered with {answer.status}")
        return found

    def _session_for(self, address: str) -> aiohttp.ClientSession:
        """The issuer may stand in our own network, where we were told to find it; what it names besides may not."""
        if urlsplit(address).hostname == urlsplit(self.client.issuer).hostname:
            self._session = self._session or aiohttp.ClientSession(timeout=SECONDS, trust_env=True)
            return self._session
        self._outside = self._outside or aiohttp.ClientSession(timeout=SECONDS, connector=guarded())
        return self._outside


@dataclass(frozen=True, kw_only=True, slots=True)
class _Proof:
    form: Mapping[str, str]
    headers: Mapping[str, str]


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636, 4.2."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _check_address(address: object) -> None:
    try:
        address_of(str(address or "").partition("?")[0], "", NAMES)
    except ValueError:
        raise Away("the provider names an address that is not https") from None


def _keys_in(found: Mapping[str, Any]) -> KeySet:
    """The keys that sign; kinds we do not take, and shared secrets above all, are left out."""
    listed = found.get("keys")
    keys = [key for key in (listed if isinstance(listed, list) else []) if isinstance(key, dict)]
    signing = [key for key in keys if key.get("kty") in KINDS and key.get("use", "sig") == "sig"]
    try:
        return KeySet.import_key_set({"keys": signing})
    except (JoseError, ValueError, TypeError, KeyError):
        raise Away("the provider's keys are not readable") from None


__all__ = ["Away", "Begun", "Client", "Provider", "Untrusted", "challenge_of"]
