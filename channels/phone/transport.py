"""HTTP to Twilio: every wait has an end, every answer a size, and no error tells the login or a number.

Twilio's own client costs 17 MB and most of a second to import, ignores its time limit (twilio-python #925) and, told to
retry, sends a message again that was taken. Its parameter names are kept, and a test holds them to Twilio's contract.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)
from yarl import URL

from channels.errors import Rejected, Retryable
from channels.phone.refusals import Unknown

JSON_CAP = 2 * 1024 * 1024
SEND_TIME = ClientTimeout(total=10, connect=5)
LOAD_TIME = ClientTimeout(total=120, connect=5, sock_read=15)
LONGEST_WISH = 3600  # seconds that a Retry-After may ask for

SessionFactory = Callable[[], ClientSession]
Values = Mapping[str, str | Sequence[str]]  # a list is sent as the same name again and again


class TooLarge(Rejected):
    """The far side sends more than we take."""

    def __init__(self) -> None:
        super().__init__("Twilio's answer is too large", code="too_large")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back, whatever its status."""

    status: int
    content_type: str
    body: bytes
    after: timedelta | None = None  # its Retry-After

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Mapping[str, Any]:
        """The JSON object in the body; empty when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def new_session() -> ClientSession:
    return ClientSession(connector=TCPConnector(limit=32), trust_env=False)


class Transport:
    """One pool of connections to Twilio, opened when first needed. Nothing is ever sent twice by itself."""

    def __init__(self, *, base: str, login: tuple[str, str], session_factory: SessionFactory | None = None) -> None:
        self.base = base.rstrip("/")
        self.headers = {"Authorization": _basic(*login)}
        self.session_factory = session_factory or new_session
        self.session: ClientSession | None = None
        self.patience = SEND_TIME

    async def exchange(
        self,
        method: str,
        path: str,
        *,
        query: Values | None = None,
        form: Values | None = None,
        cap: int = JSON_CAP,
        within: ClientTimeout | None = None,
    ) -> Reply:
        """One request. Raises Retryable when it was not sent, Unknown when it may have been, TooLarge."""
        if self.session is None:
            self.session = self.session_factory()
        url = URL(self.base + path + (f"?{urlencode(query, doseq=True)}" if query else ""), encoded=True)
        try:
            async with self.session.request(
                method,
                url,
                data=None if form is None else urlencode(form, doseq=True).encode(),
                headers=self.headers if form is None else {**self.headers, **FORM},
                timeout=within or self.patience,
                allow_redirects=False,
            ) as response:
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > cap:
                        raise TooLarge
                return Reply(
                    status=response.status,
                    content_type=response.content_type,
                    body=bytes(body),
                    after=_wish(response.headers.get("Retry-After", "")),
                )
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise Retryable(f"Twilio is not reached: {type(error).__name__}") from None  # its words may hold a number
        except (ClientError, TimeoutError, OSError) as error:
            raise Unknown(f"Twilio did not answer: {type(error).__name__}") from None

    async def aclose(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            await session.close()


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _wish(told: str) -> timedelta | None:
    return timedelta(seconds=min(int(told), LONGEST_WISH)) if told.isascii() and told.isdigit() else None
