"""The code on a return slip: which case it belongs to, and the proof that we printed it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from channels.base import Memory

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 1 and 0: a person may have to type it
CHECK_CHARS = 8
SECRET = "slip secret"
_PAYLOAD = re.compile(rf"TOUSU:SLIP:(TS\d{{12}}):([{ALPHABET}]{{{CHECK_CHARS}}})")


class Slips:
    """Makes and checks codes with one secret, which all gateways on a store share."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._secret = b""

    async def slip_for(self, number: str) -> str:
        """What the code on a slip for this complaint says."""
        return f"TOUSU:SLIP:{number}:{_check(number, await self._the_secret())}"

    async def proven(self, payload: str) -> str | None:
        """The complaint's number, when the slip is one of ours."""
        found = _PAYLOAD.fullmatch(payload)
        if found is None:
            return None
        right = _check(found[1], await self._the_secret())
        return found[1] if hmac.compare_digest(found[2], right) else None

    async def _the_secret(self) -> bytes:
        if not self._secret:
            await self._memory.swap(SECRET, None, secrets.token_hex(32))  # whoever was first, it is the same for all
            self._secret = bytes.fromhex(await self._memory.get(SECRET) or "")
        return self._secret


def number_claimed(payload: str) -> str:
    """The number that a slip names, proven or not; empty when it names none."""
    found = _PAYLOAD.fullmatch(payload)
    return found[1] if found else ""


def _check(number: str, secret: bytes) -> str:
    digest = int.from_bytes(hmac.new(secret, number.encode(), hashlib.sha256).digest()[:5], "big")
    return "".join(ALPHABET[digest >> (5 * place) & 31] for place in reversed(range(CHECK_CHARS)))
