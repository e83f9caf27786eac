"""HTTP to WeChat: every wait has an end, every answer a size, and no error tells the URL (it holds the token)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from channels.errors import Misconfigured, Retryable
from channels.open_net import guarded

JSON_CAP = 256 * 1024
SEND_TIME = ClientTimeout(total=10, connect=5)
LOAD_TIME = ClientTimeout(total=120, connect=5, sock_read=15)
BUSY = frozenset({408, 425, 429})

SessionFactory = Callable[[], ClientSession]


class TooLarge(Exception):
    """The far side sends more than we take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back with HTTP 200."""

    content_type: str
    body: bytes

    def json(self) -> dict[str, Any] | None:
        """The JSON object in the body, whatever the content type says (WeChat says text/plain); None: it is none."""
        if self.body.lstrip()[:1] != b"{":
            return None
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


def new_session() -> ClientSession:
    return ClientSession(connector=TCPConnector(limit=32), trust_env=False)


def outside_session() -> ClientSession:
    """For an address that we are told: it leads to the open Internet, whatever its name resolves to."""
    return ClientSession(connector=guarded(), trust_env=False)


class Transport:
    """One pool of connections to WeChat, opened when first needed."""

    def __init__(self, session_factory: SessionFactory | None = None) -> None:
        self.session_factory = session_factory or new_session
        self.session: ClientSession | None = None

    async def exchange(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        cap: int = JSON_CAP,
        within: ClientTimeout = SEND_TIME,
    ) -> Reply:
        """One request. Raises Retryable when line or far side are down, TooLarge, Misconfigured for any other HTTP."""
        if self.session is None:
            self.session = self.session_factory()
        try:
            async with self.session.request(
                method, url, params=params, data=data, timeout=within, allow_redirects=False
            ) as response:
                _check_status(response.status)
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > cap:
                        raise TooLarge
                return Reply(content_type=response.content_type, body=bytes(body))
        except (ClientError, TimeoutError, OSError) as error:
            raise Retryable(f"WeChat did not answer: {type(error).__name__}") from None  # its words hold the URL

    async def aclose(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            await session.close()


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status >= 500 or status in BUSY:
        raise Retryable(f"WeChat answers HTTP {status}")
    raise Misconfigured(f"WeChat answers HTTP {status}")
