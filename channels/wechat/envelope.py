"""Opening what WeChat posts, and sealing what we answer: signature, time, account and AES.

https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto
from wechatpy.crypto.pkcs7 import PKCS7Encoder

from channels.base import Clock
from channels.errors import Unauthentic
from channels.wechat.markup import Fields, Malformed, one, read_fields
from channels.wechat.settings import WeChatSettings
from channels.wechat.signature import sign, signed

PREFIX = 16  # random bytes before the message
BLOCK = 32  # PKCS#7 to the length of the key, not of the AES block

SEALED = """<xml>
<Encrypt><![CDATA[{encrypt}]]></Encrypt>
<MsgSignature><![CDATA[{signature}]]></MsgSignature>
<TimeStamp>{timestamp}</TimeStamp>
<Nonce><![CDATA[{nonce}]]></Nonce>
</xml>"""


class WrongKey(Unauthentic):
    """Signed with our token, sealed with another key or for another account: a setting is wrong, on one side."""


class Seal:
    """One EncodingAESKey: opens and closes."""

    def __init__(self, *, token: str, aes_key: str, app_id: str) -> None:
        self.token = token
        self.key = base64.b64decode(aes_key + "=")
        self.app_id = app_id
        self.cipher = PrpCrypto(self.key).cipher  # AES-256-CBC; the protocol fixes the IV to the key's first half

    def open(self, encrypted: str) -> bytes:
        """The message inside, byte for byte. Raises ValueError when this is not our key or not our account.

        wechatpy's own ``decrypt`` looks at no padding, and turns bytes into text before they can be kept.
        """
        padded = self.cipher.decrypt(base64.b64decode(encrypted))
        content = _unpadded(padded)[PREFIX:]
        if len(content) < 4:
            raise ValueError("too short")
        (length,) = struct.unpack(">I", content[:4])
        if content[4 + length :] != self.app_id.encode():
            raise ValueError("sealed for another account")
        return bytes(content[4 : 4 + length])

    def close(self, message: str, *, about: str, timestamp: str) -> str:
        """The sealed answer to the item ``about``: every time the very same bytes.

        Prefix and nonce are not random but an HMAC over item and answer (as in SIV mode, RFC 5297): two answers
        that differ in one letter share no block, and two that are equal may well look equal.
        """
        digest = hmac.new(self.key, f"{about}\n{message}".encode(), hashlib.sha256).hexdigest()
        nonce = str(int(digest[PREFIX : 2 * PREFIX], 16) % 10**10)
        encrypt = self.encrypt(message, prefix=digest[:PREFIX])
        signature = sign(self.token, timestamp, nonce, encrypt)
        return SEALED.format(encrypt=encrypt, signature=signature, timestamp=timestamp, nonce=nonce)

    def encrypt(self, message: str, *, prefix: str) -> str:
        """Base64 of the sealed message; ``prefix`` is 16 characters, never the same for different messages."""
        text = message.encode()
        content = prefix.encode() + struct.pack(">I", len(text)) + text + self.app_id.encode()
        return base64.b64encode(self.cipher.encrypt(PKCS7Encoder.encode(content))).decode()


def _unpadded(padded: bytes) -> bytes:
    count = padded[-1] if padded else 0
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise ValueError("wrong padding")
    return padded[:-count]


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One authentic item, opened."""

    raw: bytes  # the XML (or JSON) inside the seal, as it was
    fields: Fields | None  # None: it could not be read
    fault: str = ""  # why not
    seal: Seal | None = None  # the key that opened it, and closes the answer; None in plain mode
    proven: bool = True  # False: taken although nothing shows that WeChat wrote it

    @property
    def is_json(self) -> bool:
        return self.raw.lstrip().startswith(b"{")


class Envelopes:
    """Tells WeChat's items from everybody else's."""

    def __init__(self, settings: WeChatSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.seals = [Seal(token=settings.token, aes_key=key, app_id=settings.app_id) for key in settings.aes_keys]

    def greet(self, query: Mapping[str, str]) -> str:
        """The echo that proves to WeChat that this address is ours. Raises Unauthentic."""
        self._check_time(query)
        self._check(query, "signature")
        return query.get("echostr", "")

    def open(self, body: bytes, query: Mapping[str, str]) -> Letter:
        """The item inside a posted body. Raises Unauthentic, or Malformed when there is no envelope to open."""
        self._check_time(query)
        return self._unseal(body, query) if self.seals else self._plain(body, query)

    def unproven(self, body: bytes) -> Letter | None:
        """What can be read of a body whose proof failed; None for what no key of ours opens. Raises Malformed."""
        outer = read_fields(body)
        encrypted = one(outer, "Encrypt")
        if encrypted and self.seals:
            try:
                raw, seal = self._open_with_any(encrypted)
                return Letter(raw=raw, fields=read_fields(raw), seal=seal, proven=False)
            except WrongKey:
                pass  # in compatible mode the words stand beside it
        return Letter(raw=body, fields=outer, proven=False) if "MsgType" in outer else None

    def _plain(self, body: bytes, query: Mapping[str, str]) -> Letter:
        self._check(query, "signature")
        fields = read_fields(body)
        self._check_account(fields)
        return Letter(raw=body, fields=fields)

    def _unseal(self, body: bytes, query: Mapping[str, str]) -> Letter:
        outer = read_fields(body)
        encrypted = one(outer, "Encrypt")
        if not encrypted:
            raise Unauthentic("the item is not sealed")
        self._check(query, "msg_signature", encrypted)  # `signature` does not cover the body: never by that
        self._check_account({"ToUserName": outer.get("ToUserName", "")})
        raw, seal = self._open_with_any(encrypted)
        return self._read(raw, seal)

    def _open_with_any(self, encrypted: str) -> tuple[bytes, Seal]:
        for seal in self.seals:
            try:
                return seal.open(encrypted), seal
            except ValueError:
                continue
        raise WrongKey("sealed with a key, or for an account, that is not ours")

    def _read(self, raw: bytes, seal: Seal) -> Letter:
        try:
            fields = read_fields(raw)
        except Malformed as error:
            return Letter(raw=raw, fields=None, fault=str(error), seal=seal)
        self._check_account(fields)
        return Letter(raw=raw, fields=fields, seal=seal)

    def _check(self, query: Mapping[str, str], name: str, *covered: str) -> None:
        parts = (self.settings.token, query.get("timestamp", ""), query.get("nonce", ""), *covered)
        if not signed(query.get(name, ""), *parts):
            raise Unauthentic(f"wrong {name}")

    def _check_time(self, query: Mapping[str, str]) -> None:
        """A signature is good for a while only; wide enough for WeChat's redeliveries and a wrong clock."""
        window = self.settings.timestamp_window
        said = query.get("timestamp", "")
        if not (said.isascii() and said.isdigit() and len(said) <= 12):
            raise Unauthentic("no timestamp")
        if window and abs(self.clock.now().timestamp() - int(said)) > window:
            raise Unauthentic("the signature is too old or from the future")

    def _check_account(self, fields: Fields) -> None:
        said = fields.get("ToUserName", "")
        if self.settings.account_id and said and said != self.settings.account_id:
            raise Unauthentic("addressed to another account")
