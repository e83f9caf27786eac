"""Where a persona plays: a fresh gateway behind a real web server, WeChat and the telephone in front, on loopback."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pydantic import SecretStr

from channels.phone.simulator import PhoneSimulator
from channels.wechat.simulator import WeChatSimulator
from gateway.app import Gateway, open_gateway
from gateway.commands.serve import listen
from gateway.intake.silence import remind_the_silent
from gateway.settings import Settings
from tests.clock import SetClock

HOUR = 3600.0
WITHOUT_ROUNDS = 60.0  # seconds: shorter waits pass between two of the gateway's rounds
MOST_BATCHES = 50
ORG = "国诚保险"
TOKEN = "staff-of-the-stage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Opened by ``open_stage``; the clock stands still unless somebody waits."""

    gateway: Gateway
    simulator: WeChatSimulator
    telephone: PhoneSimulator
    clock: SetClock
    looked_up: set[str]  # host names that anybody in this process asked for
    api_url: str  # of the API for staff

    async def wait(self, seconds: float) -> None:
        """Time goes by, by the hour when it is long, and the gateway makes its rounds."""
        if seconds < WITHOUT_ROUNDS:
            self.clock.advance(seconds=seconds)
            return
        while seconds > 0:
            step = min(seconds, HOUR)
            self.clock.advance(seconds=step)
            seconds -= step
            await remind_the_silent(self.gateway.house)
            await self.gateway.replayer.resume()
            await self.work()

    async def work(self) -> None:
        """What the workers would have done by now."""
        for _ in range(MOST_BATCHES):
            await self.simulator.settle()
            await self.telephone.settle()
            if not await self.gateway.worker.run_once() + await self.gateway.fetching.run_once():
                return
        raise AssertionError("the workers find no end")


@asynccontextmanager
async def open_stage(folder: Path, agents: Sequence[str] = ()) -> AsyncIterator[Stage]:
    """``folder`` takes database and files of the gateway; ``agents`` are numbers of people who take calls."""
    clock = SetClock()
    port = _free_port()
    async with AsyncExitStack() as stack:
        simulator, telephone = WeChatSimulator(clock=clock), PhoneSimulator(clock=clock)
        for each in (simulator, telephone):
            stack.push_async_callback(each.aclose)
        account = {**_wechat(simulator, await simulator.start()), **await _hotline(telephone, port)}
        settings = Settings(
            data_dir=folder, org_name=ORG, api_token=SecretStr(TOKEN), phone_agents=",".join(agents), **account
        )
        gateway = await stack.enter_async_context(open_gateway(settings, clock))
        runner = await listen(gateway, "127.0.0.1", port)
        stack.push_async_callback(runner.cleanup)
        simulator.webhook_url = f"http://127.0.0.1:{port}/in/wechat"
        looked_up = stack.enter_context(_listening_at_the_door())
        yield Stage(
            gateway=gateway,
            simulator=simulator,
            telephone=telephone,
            clock=clock,
            looked_up=looked_up,
            api_url=f"http://127.0.0.1:{port}/api/v1",
        )


def _free_port() -> int:
    """The hotline must know its public address before it is opened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wechat(simulator: WeChatSimulator, base_url: str) -> dict[str, Any]:
    return {
        "wechat_app_id": simulator.platform.app_id,
        "wechat_app_secret": simulator.platform.app_secret,
        "wechat_token": simulator.pusher.token,
        "wechat_aes_key": simulator.pusher.aes_key,
        "wechat_account_id": simulator.pusher.account_id,
        "wechat_api_url": base_url,
    }


async def _hotline(telephone: PhoneSimulator, port: int) -> dict[str, Any]:
    await telephone.start()
    telephone.public_url = f"http://127.0.0.1:{port}"
    telephone.voice_url, telephone.status_url = "/in/phone/call", "/in/phone/status"
    return {**telephone.settings(), "public_url": telephone.public_url}


@contextmanager
def _listening_at_the_door() -> Iterator[set[str]]:
    """Every host name that is resolved, whoever asks."""
    names: set[str] = set()
    resolve = socket.getaddrinfo

    def listening(host: Any, *rest: Any, **more: Any) -> Any:
        names.add(str(host))
        return resolve(host, *rest, **more)

    with patch.object(socket, "getaddrinfo", listening):
        yield names
