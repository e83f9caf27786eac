"""When all is done, as the gateway's own metrics tell it."""

from __future__ import annotations

import re

import aiohttp

from tests.chaos.people.around import Around

LINE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
STATE = re.compile(r'state="(\w+)"')
UNDER_WAY = {
    "tousu_ledger_items": {"stored"},
    "tousu_outbox_parcels": {"waiting", "claimed", "held"},
    "tousu_spool_records": {""},
}


async def is_settled(around: Around) -> bool:
    """Nothing is stored and not handled, nothing waits to leave or on a disk, and no call is open."""
    metrics = await _get(around, "/metrics")
    calls = await _get(around, "/api/v1/calls?state=in-progress")
    if not (metrics and calls):
        return False
    return not _under_way(metrics) and '"items": []' in calls.replace('":[', '": [')


def _under_way(metrics: str) -> float:
    total = 0.0
    for name, labels, value in LINE.findall(metrics):
        state = STATE.search(labels)
        if name in UNDER_WAY and (state[1] if state else "") in UNDER_WAY[name]:
            total += float(value)
    return total


async def _get(around: Around, path: str) -> str:
    headers = {"Authorization": f"Bearer {around.token}"}
    try:
        async with around.http.get(f"{around.url}{path}", headers=headers) as answer:
            return await answer.text() if answer.status == 200 else ""
    except (aiohttp.ClientError, TimeoutError, OSError):
        return ""
