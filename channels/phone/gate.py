"""The gate that every request of Twilio's goes through: proven, answered in time, and counted when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from channels.errors import Unauthentic, Unreadable
from channels.origin import COUNT, UNPROVEN
from channels.phone.handover import NotStored, Pace
from channels.phone.health import Health
from channels.phone.settings import PhoneSettings
from channels.phone.signature import Form, SignedForAnother, read_signed

log = structlog.get_logger(__name__)

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
METHODS = ("POST", "GET")  # which of them is a choice of whoever sets up the number
ADDRESS = "address"
DIFFERS = "TOUSU_PUBLIC_URL and the address set at Twilio differ: its requests are refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One request, proven to be Twilio's."""

    form: Form
    query: Form
    arrived: float  # event-loop time


Hear = Callable[[Told], Awaitable[web.Response]]


class Gate:
    """One for all addresses of the channel."""

    def __init__(self, *, settings: PhoneSettings, health: Health, pace: Pace) -> None:
        self.settings = settings
        self.health = health
        self.pace = pace
        self.elsewhere: set[str] = set()  # paths that were last called by another address than ours

    async def admit(self, hear: Hear, request: web.Request) -> web.StreamResponse:
        """One request of Twilio's, whatever it is about; what we fail to do is 503, so that it goes another way."""
        arrived = asyncio.get_running_loop().time()
        try:
            form = await read_signed(request, self.settings)
            if UNPROVEN in form:
                self.health.count(COUNT)
            else:
                self._well_addressed(request.path)
            async with asyncio.timeout_at(arrived + self.pace.hold):
                return await hear(Told(form=form, query=request.query, arrived=arrived))
        except SignedForAnother:
            return self._misaddressed(request.path)
        except Unauthentic:
            return self.refuse(403, "forged")
        except Unreadable:
            return self.refuse(400, "unreadable")
        except web.HTTPException as refused:
            return self.refuse(refused.status, "refused")
        except (NotStored, TimeoutError):
            return self.refuse(503, "not_stored_in_time")
        except Exception as error:  # the memory is away, or a mistake of ours: the fallback document takes over
            log.error("phone_webhook_crashed", error=type(error).__name__)
            return self.refuse(503, "crashed")

    def refuse(self, status: int, why: str) -> web.Response:
        """A short word, and a count."""
        self.health.count(why)
        log.debug("phone_refused", status=status, why=why)
        return web.Response(status=status, text=why, headers=HEADERS)

    def _misaddressed(self, path: str) -> web.Response:
        """Nobody but Twilio can sign so: it is no forgery but a setting, which is else searched for for days."""
        self.elsewhere.add(path)
        self.health.hindered(ADDRESS, DIFFERS)
        return self.refuse(403, "signed_for_another_address")

    def _well_addressed(self, path: str) -> None:
        if path in self.elsewhere:
            self.elsewhere.remove(path)
            if not self.elsewhere:
                self.health.works(ADDRESS)


def document(twiml: str) -> web.Response:
    return web.Response(text=twiml, content_type="text/xml", headers=HEADERS)


def nothing() -> web.Response:
    return web.Response(status=204, headers=HEADERS)
