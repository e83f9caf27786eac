"""Passwords: argon2id (RFC 9106), and the same work for whoever does not exist, so that time tells nothing."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2  # each takes 64 MiB and a core: a flood of tries must leave both to the customers
SHORTEST, LONGEST = 12, 128
LEAST_DIFFERENT = 5
GROUPS, GROUP, LETTERS = 4, 5, "abcdefghjkmnpqrstuvwxyz23456789"  # 4 times 5 of 31 letters: 99 bits; no l, 1, 0, o, i


class WeakPassword(ValueError):
    """A password that is too short, too long or too easily guessed."""


class Passwords:
    """Hashes and verifies off the loop, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _plain(password))

    async def verify(self, kept: str, given: str) -> bool:
        """Is it the password of this hash? Nobody's hash is "", and takes as long to fail."""
        async with self._turns:
            right = await asyncio.to_thread(self._fits, kept or self._nobodys, _plain(given))
        return right and bool(kept)

    def has_aged(self, kept: str) -> bool:
        """Was it made with weaker parameters than today's?"""
        return self._hasher.check_needs_rehash(kept)

    def _fits(self, kept: str, given: str) -> bool:
        try:
            return self._hasher.verify(kept, given)
        except (VerificationError, InvalidHashError):
            return False


def check(password: str, login: str) -> None:
    """Raise WeakPassword for one that nobody should have: length counts for more than signs (NIST SP 800-63B)."""
    plain = _plain(password)
    long_enough = SHORTEST <= len(plain) <= LONGEST
    if not long_enough or len(set(plain)) < LEAST_DIFFERENT or login in plain.lower():
        raise WeakPassword


def generated() -> str:
    """A password to be told once, in groups that are easily read out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _plain(password: str) -> str:
    """One form of every character: input methods differ in the width of what they type; never endlessly long."""
    return unicodedata.normalize("NFKC", password[: LONGEST * 4])
