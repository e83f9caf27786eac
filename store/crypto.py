"""Personal data at rest: sealed with AES-256-GCM under a ring of keys, found again by keyed blind indexes.

A sealed value is ``version (1) | key id (4) | nonce (12) | ciphertext and tag``; the place it is kept in
("table.column") is its associated data, so a value moved to another column does not open there.
"""

from __future__ import annotations

import base64
import binascii
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
SECRET_FILE = "secret.key"

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


class Keyring:
    """Seals with the current key, opens with any key of the ring, and makes blind indexes."""

    __slots__ = ("_chain", "_current", "_head", "_index", "_keys", "_signer")

    def __init__(self, ring: Sequence[bytes]) -> None:
        """``ring``: secrets of 32 bytes, the current one first."""
        if not ring or any(len(secret) != SECRET_BYTES for secret in ring):
            raise BadSecret
        self._keys = {key.id: key.cipher for key in map(_Key.of, reversed(ring))}
        current = _Key.of(ring[0])
        self._current = current.cipher
        self._head = VERSION + current.id
        # The oldest secret makes the indexes: they are stored and cannot be recomputed without opening every row, so
        # a new secret put in front of the ring must leave them as they are, or search would find nothing old.
        self._index = hmac.new(_derive(ring[-1], b"blind-index"), digestmod=hashlib.sha256)
        self._chain = hmac.new(_derive(ring[-1], b"audit-chain"), digestmod=hashlib.sha256)
        # The oldest here too: who was given the public key once can check every case file that we ever sign.
        self._signer = Ed25519PrivateKey.from_private_bytes(_derive(ring[-1], b"case-file-signature"))

    @classmethod
    def from_secret(cls, text: str) -> Keyring:
        """The ring of one or more base64url secrets separated by commas, newest first; raises BadSecret."""
        return cls([_decoded(part) for part in text.split(",") if part.strip()])

    def seal(self, value: bytes | str, aad: str) -> bytes:
        """Encrypt a value for its place ``aad``, "table.column"."""
        nonce = os.urandom(NONCE_BYTES)
        plain = value.encode() if isinstance(value, str) else value
        return self._head + nonce + self._current.encrypt(nonce, plain, aad.encode())

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt what was sealed for ``aad``; raises WrongKey (no such key in the ring) or Damaged."""
        if len(sealed) < HEAD_BYTES or sealed[:1] != VERSION:
            raise Damaged(aad)
        cipher = self._keys.get(sealed[1:5])
        if cipher is None:
            raise WrongKey(aad)
        try:
            return cipher.decrypt(sealed[5:HEAD_BYTES], sealed[HEAD_BYTES:], aad.encode())
        except InvalidTag as wrong:
            raise Damaged(aad) from wrong

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


def _decoded(part: str) -> bytes:
    text = part.strip()
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BadSecret from wrong


def new_secret() -> str:
    """A fresh secret in the form that TOUSU_SECRET_KEY takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=")


def load_or_create_secret(folder: Path) -> tuple[str, bool]:
    """The secret kept in ``folder``, and whether this call made it; the file is readable by its owner alone."""
    path = folder / SECRET_FILE
    if path.exists():
        return path.read_text(encoding="ascii").strip(), False
    folder.mkdir(parents=True, exist_ok=True)
    secret = new_secret()
    try:
        _create_durably(path, secret + "\n")
    except FileExistsError:  # another process was faster: its secret counts
        return path.read_text(encoding="ascii").strip(), False
    return secret, True


def _create_durably(path: Path, text: str) -> None:
    """Whole or not at all: written aside and linked into place, since a reader must never see half a secret."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
