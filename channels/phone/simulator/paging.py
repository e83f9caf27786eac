"""Lists in pages, newest first, filtered as their query says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web

DEFAULT_SIZE = 50
LARGEST = 1_000

Entry = TypeVar("Entry")


def within(request: web.Request, name: str, at: datetime) -> bool:
    """Is this moment in what ``name``, ``name>`` and ``name<`` ask for? Raises ValueError for what is no date."""
    query = request.query
    if (after := query.get(f"{name}>")) and at < _moment(after):
        return False
    if (before := query.get(f"{name}<")) and at > _moment(before, end=len(before) == len("2026-11-23")):
        return False
    day = query.get(name)
    return not day or _moment(day[:10]) <= at < _moment(day[:10], end=True)


def _moment(text: str, *, end: bool = False) -> datetime:
    """A date or a moment, UTC unless it says otherwise; ``end``: of that day."""
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at + timedelta(days=1) if end else at


def page_of(request: web.Request, key: str, entries: Sequence[dict[str, Any]]) -> web.Response:
    """One page, with the address of the next."""
    size = min(max(int(request.query.get("PageSize", DEFAULT_SIZE)), 1), LARGEST)
    page = max(int(request.query.get("Page", 0)), 0)
    shown = entries[page * size : (page + 1) * size]
    more = len(entries) > (page + 1) * size
    return web.json_response(
        {
            key: shown,
            "end": page * size + max(len(shown) - 1, 0),
            "first_page_uri": _uri(request, 0, size),
            "next_page_uri": _uri(request, page + 1, size) if more else None,
            "page": page,
            "page_size": size,
            "previous_page_uri": _uri(request, page - 1, size) if page else None,
            "start": page * size,
            "uri": request.path_qs,
        }
    )


def _uri(request: web.Request, page: int, size: int) -> str:
    asked = {name: value for name, value in request.query.items() if name not in ("Page", "PageSize", "PageToken")}
    return f"{request.path}?{urlencode({**asked, 'PageSize': size, 'Page': page, 'PageToken': f'PA{page}'})}"


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return list(entries)[::-1]
