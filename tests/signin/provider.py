"""An OpenID provider on loopback that signs whom it is told in, and misbehaves where a test wants it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from gateway.staff.signin.oidc import challenge_of
from tests.clock import SetClock

CLIENT, SECRET = "tousu", "s3cret/with:signs"


@dataclass(kw_only=True)
class FakeProvider:
    """``claims`` go into the next ID token over the right ones; None takes one out."""

    clock: SetClock
    key: RSAKey | ECKey
    other: RSAKey  # published too
    issuer: str = ""
    alg: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    signing: Any = None  # another key than the one that is published
    header: dict[str, Any] = field(default_factory=dict)
    unsigned: bool = False
    down: bool = False
    asked: dict[str, str] = field(default_factory=dict)
    exchanges: list[str] = field(default_factory=list)
    key_requests: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/.well-known/openid-configuration", self.configuration),
            web.get("/keys", self.keys),
            web.post("/token", self.token),
        ]

    async def configuration(self, _: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=503)
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return web.json_response({**told, **self.metadata})

    async def keys(self, _: web.Request) -> web.Response:
        self.key_requests += 1
        shared = {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}
        return web.json_response({"keys": [self.other.as_dict(private=False), self.key.as_dict(private=False), shared]})

    async def token(self, request: web.Request) -> web.Response:
        """Holds the client to RFC 6749 and RFC 7636: who it is, one code, the verifier of its challenge."""
        form = await request.post()
        shown = BasicAuth.decode(request.headers["Authorization"])
        assert (shown.login, shown.password) == (CLIENT, "s3cret%2Fwith%3Asigns")
        assert form["grant_type"] == "authorization_code"
        assert form["redirect_uri"] == self.asked["redirect_uri"]
        if form["code"] != "code-1" or challenge_of(str(form["code_verifier"])) != self.asked["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.exchanges.append(str(form["code"]))
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self.id_token()})

    def id_token(self) -> str:
        now = int(self.clock.now().timestamp())
        right = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            "preferred_username": "wang",
        }
        claims = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        named = {"alg": self.alg, "kid": self.key.kid, **self.header}
        header = {name: value for name, value in named.items() if value is not None}
        if self.unsigned:
            return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."
        return jwt.encode(header, claims, self.signing or self.key, algorithms=[self.alg])

    def authorize(self, address: str) -> dict[str, str]:
        """What the provider would be asked by a browser that follows this address."""
        parts = urlsplit(address)
        self.asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        return self.asked


def _part(facts: dict[str, Any]) -> str:
    """One part of a token, as it stands between the dots."""
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


@asynccontextmanager
async def provider_at(clock: SetClock) -> AsyncIterator[FakeProvider]:
    key = RSAKey.generate_key(2048, {"use": "sig", "kid": "key-1"})
    other = RSAKey.generate_key(2048, {"use": "sig", "kid": "key-0"})
    provider = FakeProvider(clock=clock, key=key, other=other)
    app = web.Application()
    app.add_routes(provider.routes())
    async with TestServer(app) as server:
        provider.issuer = str(server.make_url("")).rstrip("/")
        yield provider
