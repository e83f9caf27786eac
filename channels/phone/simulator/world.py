"""The simulator as a whole: people who call, people who are called, and the interface between them and the gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urljoin

from aiohttp import web

from channels.base import Clock
from channels.phone.simulator.agent import AgentLeg
from channels.phone.simulator.call import Call
from channels.phone.simulator.exchange import Exchange
from channels.phone.simulator.faults import Fault
from channels.phone.simulator.habits import Habits
from channels.phone.simulator.placed import PlacedCall
from channels.phone.simulator.rest import Rest
from channels.phone.simulator.values import Requested, Sms

ACCOUNT_SID = "AC" + "5e1f" * 8
WITHHELD = "anonymous"


class PhoneSimulator:
    """``await start()``, point the channel at ``settings()``, set ``voice_url``, then let people call."""

    def __init__(
        self,
        *,
        clock: Clock,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = "simulated-auth-token",
        number: str = "+85230001234",
        api_keys: Mapping[str, str] | None = None,
    ) -> None:
        self.exchange = Exchange(clock=clock, account_sid=account_sid, auth_token=auth_token, number=number)
        self.exchange.make_leg = AgentLeg
        self.rest = Rest(self.exchange, logins={account_sid: auth_token, **(api_keys or {})})
        self.voice_url = ""
        self.status_url = ""
        self.fallback_url = ""
        self.public_url = ""  # what voice_url and the others are relative to, unless they are whole addresses
        self.base_url = ""
        self.runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; the base address of the interface."""
        self.runner = web.AppRunner(self.rest.app(), shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", port).start()
        self.base_url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"
        return self.base_url

    async def aclose(self) -> None:
        await self.exchange.aclose()
        if self.runner is not None:
            await self.runner.cleanup()

    def settings(self) -> dict[str, str]:
        """What an operator of this number would set."""
        return {
            "phone_account_sid": self.exchange.account_sid,
            "phone_auth_token": self.exchange.auth_token,
            "phone_number": self.exchange.number,
            "phone_api_url": self.base_url,
        }

    # -- people ------------------------------------------------------------------------------------------------------

    async def call(self, from_: str, *, name: str = "", progress: Sequence[str] | None = None) -> Call:
        """Somebody calls our number; returns when the first verb waits or the call is over. Empty: number withheld."""
        if not self.voice_url:
            raise ValueError("voice_url is not set: nobody answers this number")
        call = Call(self.exchange, from_=from_ or WITHHELD, to=self.exchange.number, name=name)
        call.status_url = self._whole(self.status_url)
        call.fallback_url = self._whole(self.fallback_url)
        if progress is not None:
            call.progress = progress
        await call.proceed(call.execution.go_to(self._whole(self.voice_url)))
        return call

    def _whole(self, url: str) -> str:
        return urljoin(self.public_url, url) if url else ""

    def sms_of(self, number: str) -> list[Sms]:
        """What was sent to this number, from the first on."""
        return [message.seen() for message in self.rest.messages.kept.values() if message.to == number]

    def calls_to(self, number: str) -> list[PlacedCall]:
        """Calls that the gateway placed to this number, from the first on."""
        placed = (call for call in self.exchange.calls.values() if isinstance(call, PlacedCall))
        return [call for call in placed if call.to == number]

    # -- the test's and the demo's hands ------------------------------------------------------------------------------

    @property
    def calls(self) -> list[Call]:
        """Every call there was, from the first on, the agents' lines too."""
        return list(self.exchange.calls.values())

    @property
    def lines(self) -> list[Requested]:
        """Everything that was requested, of the customer's server and of us."""
        return self.exchange.requested

    @property
    def habits(self) -> Habits:
        return self.exchange.habits

    @property
    def patience(self) -> float:
        """Seconds until a document counts as not coming."""
        return self.exchange.webhooks.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.exchange.webhooks.patience = seconds

    @property
    def map_url(self) -> Callable[[str], str]:
        """From the address that is called and signed to the one connected to."""
        return self.exchange.webhooks.map_url

    @map_url.setter
    def map_url(self, mapping: Callable[[str], str]) -> None:
        self.exchange.webhooks.map_url = mapping

    @property
    def on_change(self) -> Callable[[], None] | None:
        return self.exchange.on_change

    @on_change.setter
    def on_change(self, told: Callable[[], None] | None) -> None:
        self.exchange.on_change = told

    def inject(self, fault: Fault) -> None:
        self.exchange.faults.order(fault)

    async def settle(self) -> None:
        """Return when all that is told later is told."""
        await self.exchange.settle()
