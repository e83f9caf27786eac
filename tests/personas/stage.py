"""Where a persona plays: a fresh gateway behind a real web server, and WeChat in front of it, all on loopback."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Opened by ``open_stage``; the clock stands still unless somebody waits."""

    gateway: Gateway
    simulator: WeChatSimulator
    clock: SetClock
    looked_up: set[str]  # host names that anybody in this process asked for

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
            done = await self.gateway.worker.run_once() + await self.gateway.fetching.run_once()
            await self.simulator.settle()
            if not done:
                return
        raise AssertionError("the workers find no end")


@asynccontextmanager
async def open_stage(folder: Path) -> AsyncIterator[Stage]:
    """``folder`` takes database and files of the gateway."""
    clock = SetClock()
    async with AsyncExitStack() as stack:
        simulator = WeChatSimulator(clock=clock)
        base_url = await simulator.start()
        stack.push_async_callback(simulator.aclose)
        gateway = await stack.enter_async_context(open_gateway(_settings(folder, simulator, base_url), clock))
        runner = await listen(gateway, "127.0.0.1", 0)
        stack.push_async_callback(runner.cleanup)
        simulator.webhook_url = f"http://127.0.0.1:{runner.addresses[0][1]}/in/wechat"
        looked_up = stack.enter_context(_listening_at_the_door())
        yield Stage(gateway=gateway, simulator=simulator, clock=clock, looked_up=looked_up)


def _settings(folder: Path, simulator: WeChatSimulator, base_url: str) -> Settings:
    account: dict[str, Any] = {
        "wechat_app_id": simulator.platform.app_id,
        "wechat_app_secret": simulator.platform.app_secret,
        "wechat_token": simulator.pusher.token,
        "wechat_aes_key": simulator.pusher.aes_key,
        "wechat_account_id": simulator.pusher.account_id,
        "wechat_api_url": base_url,
    }
    return Settings(data_dir=folder, org_name=ORG, **account)


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
