"""The overview: what came, how it stands, how long it takes, and whether people were content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from gateway.console.kit import Kit, Page, Room, language_of
from gateway.console.wording import Wording
from gateway.reports.charts import columns, share, spark
from gateway.reports.overview import Overviews
from gateway.staff.actor import Right, actor_of

SHOWN_KINDS = 10
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class OverviewRoom(Room):
    def __init__(self, kit: Kit, overviews: Overviews) -> None:
        super().__init__(kit)
        self._overviews = overviews

    def pages(self) -> Sequence[Page]:
        return (Page(method="GET", path="/overview", right=Right.REPORT, handler=self.show),)

    async def show(self, request: web.Request) -> web.Response:
        overview = await self._overviews.of(actor_of(request))
        words = language_of(request)
        return self.kit.render(
            request,
            "overview/overview.html",
            overview=overview,
            daily=columns([day.total for day in overview.days]),
            spark=spark,
            share=share,
            spoken=lambda span: spoken(words, span),
            shown_kinds=SHOWN_KINDS,
            on_wall="wall" in request.query,
        )


def spoken(t: Wording, span: timedelta | None) -> str:
    """A time as people say it: its two largest units."""
    if span is None:
        return t("overview.none")
    if span >= DAY:
        return t("overview.days", days=span.days, hours=(span % DAY) // HOUR)
    if span >= HOUR:
        return t("overview.hours", hours=span // HOUR, minutes=(span % HOUR) // MINUTE)
    return t("overview.minutes", minutes=span // MINUTE)
