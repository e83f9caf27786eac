"""The ID token: signed by the provider, for us, now, and for this very sign-in (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from joserfc.jws import extract_compact

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")  # never none, and never HMAC: a public key is no shared secret
KINDS = frozenset({"RSA", "EC"})
LEEWAY = 60  # seconds that clocks may differ

Claims = Mapping[str, Any]


class Untrusted(Exception):
    """The token does not hold; the message names the check, and nothing of the token."""


class UnknownKey(Untrusted):
    """The token names a key that the provider did not have when we last asked."""


class Expected(Protocol):
    """For whom a token must be."""

    @property
    def issuer(self) -> str: ...

    @property
    def client_id(self) -> str: ...


def read_id_token(token: str, keys: KeySet, ours: Expected, nonce: str, now: datetime) -> Claims:
    """The claims of a token that holds; raises Untrusted."""
    claims = _signed(token, keys)
    _check_times(claims, int(now.timestamp()))
    _check_for_us(claims, ours)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise Untrusted("nonce")
    return claims


def _signed(token: str, keys: KeySet) -> Claims:
    try:
        header = extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Untrusted(type(error).__name__) from None
    if header.get("alg") not in ALGORITHMS:
        raise Untrusted("alg")
    kid = header.get("kid")
    fitting = [key for key in keys.keys if kid is None or key.kid == kid]
    if not fitting:
        raise UnknownKey("kid")
    return _verified(token, fitting)


def _verified(token: str, keys: Sequence[Key]) -> Claims:
    """A token that names no key may be signed with any of them."""
    why = ""
    for key in keys:
        try:
            return jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError) as error:
            why = type(error).__name__
    raise Untrusted(why)


def _check_times(claims: Claims, now: int) -> None:
    registry = jwt.JWTClaimsRegistry(
        now=now, leeway=LEEWAY, exp={"essential": True}, iat={"essential": True}, sub={"essential": True}
    )
    try:
        registry.validate(dict(claims))
    except JoseError as error:
        raise Untrusted(type(error).__name__) from None
    if int(claims["iat"]) > now + LEEWAY:
        raise Untrusted("iat")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise Untrusted("sub")


def _check_for_us(claims: Claims, ours: Expected) -> None:
    if claims.get("iss") != ours.issuer:
        raise Untrusted("iss")
    told = claims.get("aud")
    audience = told if isinstance(told, list) else [told]
    if ours.client_id not in audience:
        raise Untrusted("aud")
    party = claims.get("azp")
    if (len(audience) > 1 or party is not None) and party != ours.client_id:
        raise Untrusted("azp")
