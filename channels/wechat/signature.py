"""How WeChat signs: SHA-1 over the sorted parts, joined.

https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
"""

from __future__ import annotations

import hashlib
import hmac


def sign(*parts: str) -> str:
    """40 hex digits over token, timestamp, nonce and, where the item is sealed, its Encrypt."""
    return hashlib.sha1(b"".join(sorted(_bytes(part) for part in parts))).hexdigest()


def signed(given: str, *parts: str) -> bool:
    """True when ``given`` is the signature of the parts; takes the same time for every wrong one."""
    return hmac.compare_digest(_bytes(sign(*parts)), _bytes(given))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a query string may decode to anything
