"""Personal data at rest: sealed with AES-256-GCM under a ring of keys, found again by keyed blind indexes.

A sealed value is ``version (1) | key id (4) | nonce (12) | ciphertext and tag``; the place it is kept in
("table.column") is its associated data, so a value moved to another column does not open there.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import BadSecret, Damaged, WrongKey

SECRET_BYTES = 32
NONCE_BYTES = 12
HEAD_BYTES = 1 + 4 + NONCE_BYTES
VERSION = b"\x01"
SIGNATURE = b"case-file-signature"

_SPACES = re.compile(r"\s+")
_NOT_DIGITS = re.compile(r"\D+")


def _exact(value: str) -> str:
    return value


def _compact(value: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", value)).upper()


def _email(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().lower()


def _phone(value: str) -> str:
    """The bare national number: +86 138…, 0086138… and 138… are one number, +86 21 6400… and 021-6400… too."""
    text = unicodedata.normalize("NFKC", value).strip()
    digits = _NOT_DIGITS.sub("", text)
    if text.startswith("+86"):
        digits = digits[2:]
    elif digits.startswith("0086"):
        digits = digits[4:]
    elif text.startswith("+"):
        return "+" + digits
    return digits.lstrip("0")


# How each kind of identifier is written when two spellings of it must match; every other kind matches exactly.
NORMALISED: Mapping[str, Callable[[str], str]] = {
    "phone": _phone,
    "email": _email,
    "name": _compact,
    "id_number": _compact,
    "policy_number": _compact,
    "claim_number": _compact,
}


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tousu-gateway/" + purpose).derive(secret)


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    cipher: AESGCM

    @classmethod
    def of(cls, secret: bytes) -> _Key:
        return cls(id=_derive(secret, b"key-id")[:4], cipher=AESGCM(_derive(secret, b"seal")))


@dataclass(frozen=True, slots=True)
class Roots:
    """What blind indexes, the audit chain and signatures are made with, 32 bytes each: never another, whatever rotates.

    Indexes and chain are stored, and could not be made anew without opening every row; and who was given the public
    key once can check every case file that we ever sign. So each database keeps its own, sealed (store/unit.py).
    """

    index: bytes
    chain: bytes
    signer: bytes

    @classmethod
    def of(cls, secret: bytes) -> Roots:
        """Those of a database that was begun with this secret."""
        return cls(_derive(secret, b"blind-index"), _derive(secret, b"audit-chain"), _derive(secret, SIGNATURE))

    @classmethod
    def unpacked(cls, packed: bytes) -> Roots:
        """Raises Damaged."""
        if len(packed) != 3 * SECRET_BYTES:
            raise Damaged("roots")
        return cls(packed[:32], packed[32:64], packed[64:])

    @property
    def packed(self) -> bytes:
        return self.index + self.chain + self.signer


Source = Callable[[], str]  # where the ring can be read again: the text that ``from_secret`` takes


class Keyring:
    """Seals with the current key, opens with any key of the ring, and makes blind indexes."""

    __slots__ = ("_chain", "_current", "_head", "_index", "_keys", "_ring", "_signer", "_source")

    def __init__(self, ring: Sequence[bytes], source: Source | None = None) -> None:
        """``ring``: secrets of 32 bytes, the current one first; ``source`` tells of secrets that came since."""
        self._keys: dict[bytes, AESGCM] = {}
        self._source = source
        self.adopt(ring)
        self.stand_on(Roots.of(ring[-1]))

    @classmethod
    def from_secret(cls, text: str, source: Source | None = None) -> Keyring:
        """The ring of one or more base64url secrets separated by commas, newest first; raises BadSecret."""
        return cls(ring_of(text), source)

    def adopt(self, ring: Sequence[bytes]) -> None:
        """Seal with the first of these from now on. What could be opened before still can; raises BadSecret."""
        if not ring or any(len(secret) != SECRET_BYTES for secret in ring):
            raise BadSecret
        self._keys |= {key.id: key.cipher for key in map(_Key.of, reversed(ring))}
        current = _Key.of(ring[0])
        self._ring = tuple(ring)
        self._current = current.cipher
        self._head = VERSION + current.id

    def refresh(self) -> None:
        """Read the ring again where there is a place to read it from."""
        if self._source is None:
            return
        with contextlib.suppress(OSError, BadSecret):  # unreadable just now: we go on with what we know
            self.adopt(ring_of(self._source()))

    def stand_on(self, roots: Roots) -> None:
        """Make indexes, chain and signatures with these."""
        self._index = hmac.new(roots.index, digestmod=hashlib.sha256)
        self._chain = hmac.new(roots.chain, digestmod=hashlib.sha256)
        self._signer = Ed25519PrivateKey.from_private_bytes(roots.signer)

    def possible_roots(self) -> list[Roots]:
        """What a database that keeps none yet may have been begun with, the likeliest first: the oldest secret."""
        return [Roots.of(secret) for secret in reversed(self._ring)]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys of the ring in hex, the current one first; no secret."""
        return tuple(_Key.of(secret).id.hex() for secret in self._ring)

    def is_current(self, sealed: bytes) -> bool:
        return sealed[: len(self._head)] == self._head

    def seal(self, value: bytes | str, aad: str) -> bytes:
        """Encrypt a value for its place ``aad``, "table.column"."""
        nonce = os.urandom(NONCE_BYTES)
        plain = value.encode() if isinstance(value, str) else value
        return self._head + nonce + self._current.encrypt(nonce, plain, aad.encode())

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt what was sealed for ``aad``; raises WrongKey (no such key in the ring) or Damaged."""
        if len(sealed) < HEAD_BYTES or sealed[:1] != VERSION:
            raise Damaged(aad)
        cipher = self._keys.get(sealed[1:5]) or self._learnt(sealed[1:5])
        if cipher is None:
            raise WrongKey(aad)
        try:
            return cipher.decrypt(sealed[5:HEAD_BYTES], sealed[HEAD_BYTES:], aad.encode())
        except InvalidTag as wrong:
            raise Damaged(aad) from wrong

    def _learnt(self, id: bytes) -> AESGCM | None:
        """Another process may have put a new secret in front since we last looked."""
        self.refresh()
        return self._keys.get(id)

    def open_text(self, sealed: bytes | None, aad: str) -> str:
        """Decrypt a text; nothing stored is the empty text."""
        return self.open(sealed, aad).decode() if sealed else ""

    def seal_json(self, value: Any, aad: str) -> bytes:
        return self.seal(orjson.dumps(value), aad)

    def open_json(self, sealed: bytes | None, aad: str) -> Any:
        """Decrypt a JSON value; nothing stored is an empty object."""
        return orjson.loads(self.open(sealed, aad)) if sealed else {}

    def index(self, kind: str, value: str) -> str:
        """The keyed blind index of a value, 32 hex digits: equal for spellings of the same phone, e-mail, name, …"""
        mac = self._index.copy()
        mac.update(f"{kind}\0{NORMALISED.get(kind, _exact)(value)}".encode())
        return mac.hexdigest()[:32]

    def chain(self, link: bytes) -> str:
        """The keyed hash of one link of the audit chain: who cannot read the secret cannot forge a chain."""
        mac = self._chain.copy()
        mac.update(link)
        return mac.hexdigest()

    def sign(self, content: bytes) -> bytes:
        """The Ed25519 signature of what leaves the house, 64 bytes (RFC 8032)."""
        return self._signer.sign(content)

    def public_key(self) -> bytes:
        """What ``sign`` is checked with, 32 bytes; no secret."""
        return self._signer.public_key().public_bytes_raw()


def ring_of(text: str) -> list[bytes]:
    """The secrets in a text, in its order; raises BadSecret."""
    return [_decoded(part) for part in text.split(",") if part.strip()]


def key_id_of(sealed: bytes) -> str:
    """Under which key a value (its first bytes are enough) was sealed, in hex; "" for what was not sealed at all."""
    return sealed[1:5].hex() if sealed[:1] == VERSION else ""


def _decoded(part: str) -> bytes:
    text = part.strip()
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BadSecret from wrong


def new_secret() -> str:
    """A fresh secret in the form that TOUSU_SECRET_KEY takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=")


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
