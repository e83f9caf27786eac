"""What the passphrase protects: the key ring (AES-256-GCM), and the manifest against tampering (HMAC), by scrypt.

Parameters after RFC 7914 and OWASP's password storage page (N = 2^17, r = 8, p = 1): 128 MB and some tenths of a second
for each guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from gateway.operations.backup.errors import Broken, Unfit

COST, BLOCK, LANES = 2**17, 8, 1
DEAREST = 2**20  # a file that asks for more wants to exhaust us
SHORTEST = 12  # characters of a passphrase
PLACE = b"tousu-gateway/backup/keys"
WRONG = "the passphrase does not open this backup, or its keys were tampered with"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """Two keys made of one passphrase, and the salt that it takes to make them again."""

    salt: bytes
    cost: int
    cipher: AESGCM
    mac_key: bytes

    @classmethod
    def of(cls, passphrase: str, *, salt: bytes | None = None, cost: int | None = None) -> Seal:
        """Takes a moment, on purpose. Raises Broken for a cost that cannot be meant."""
        cost = cost or COST
        if not 2**10 <= cost <= DEAREST or cost & (cost - 1):
            raise Broken("the backup names a cost of its passphrase that cannot be meant")
        salt = salt or os.urandom(16)
        root = Scrypt(salt=salt, length=32, n=cost, r=BLOCK, p=LANES).derive(passphrase.encode())
        return cls(salt=salt, cost=cost, cipher=AESGCM(_derived(root, b"keys")), mac_key=_derived(root, b"manifest"))

    def sealed(self, ring: str) -> dict[str, Any]:
        """The key ring for ``keys.json``."""
        nonce = os.urandom(12)
        return {
            "kdf": "scrypt",
            "cost": self.cost,
            "salt": _text(self.salt),
            "nonce": _text(nonce),
            "sealed": _text(self.cipher.encrypt(nonce, ring.encode(), PLACE)),
        }

    def mac(self, content: bytes) -> str:
        return hmac.new(self.mac_key, content, hashlib.sha256).hexdigest()


def opened(passphrase: str, told: dict[str, Any]) -> tuple[Seal, str]:
    """The seal of a backup and the key ring in it. Raises Broken."""
    try:
        salt, nonce, sealed = (_bytes(told[name]) for name in ("salt", "nonce", "sealed"))
        seal = Seal.of(passphrase, salt=salt, cost=int(told["cost"]))
        return seal, seal.cipher.decrypt(nonce, sealed, PLACE).decode()
    except InvalidTag:
        raise Broken(WRONG) from None
    except (KeyError, TypeError, ValueError):
        raise Broken("the keys of this backup are not as we write them") from None


def passphrase_from(given: str, file: Path | None) -> str:
    """From the environment or a file: an argument would stand in the list of processes. Raises Unfit."""
    try:
        words = file.read_text("utf-8").strip("\r\n") if file else given
    except (OSError, UnicodeDecodeError) as error:
        raise Unfit(f"the file with the passphrase cannot be read: {type(error).__name__}") from None
    if not words:
        raise Unfit("set TOUSU_BACKUP_PASSPHRASE or give --passphrase-file: a backup holds the keys, sealed under it")
    if len(words) < SHORTEST:
        raise Unfit(
            f"the passphrase must have at least {SHORTEST} characters: whoever has the file can guess for years"
        )
    return words


def _derived(root: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"tousu-gateway/backup/" + purpose).derive(root)


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
