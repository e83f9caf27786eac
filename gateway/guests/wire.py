"""The way to one guest: a session that goes to its address and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
from pydantic import SecretStr


class Wire:
    """Posts to ``url`` with a bearer key; opened at the first request."""

    def __init__(self, *, url: str, key: SecretStr, seconds: float) -> None:
        self._url, self._key, self._seconds = url, key, seconds
        self._session: aiohttp.ClientSession | None = None

    def post(
        self, *, json: Mapping[str, Any] | None = None, data: aiohttp.FormData | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """The response, a redirect included: what is sent goes where the insurer decided. Raises as aiohttp does."""
        return self._open().post(self._url, json=json, data=data, headers=self._headers(), allow_redirects=False)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No cookies, no proxies from the environment, no unpacking: a small reply must not become a large one.
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=self._seconds),
            )
        return self._session

    def _headers(self) -> dict[str, str]:
        key = self._key.get_secret_value()
        return {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})
