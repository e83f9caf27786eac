"""Everything of the demo, put together on loopback: the gateway as it is, and simulators where the providers stand."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from channels.email.simulator import MailSimulator
from channels.phone.simulator import PhoneSimulator
from channels.wechat.channel import WeChatChannel
from channels.wechat.simulator import WeChatSimulator
from gateway.app import Gateway, open_gateway
from gateway.background import start_background_work
from gateway.operations.demo import diary as diaries
from gateway.operations.demo.callers import Callers
from gateway.operations.demo.clock import DemoClock
from gateway.operations.demo.colleagues import Colleagues
from gateway.operations.demo.customers import Customers
from gateway.operations.demo.diary import Diary
from gateway.operations.demo.letterbox import LetterBox
from gateway.operations.demo.settings import LETTERS, demo_settings, new_aes_key
from gateway.operations.demo.shelf import Shelf

HOST = "127.0.0.1"
PORTS_TRIED = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """The open demo."""

    gateway: Gateway
    clock: DemoClock
    wechat: WeChatSimulator
    mail: MailSimulator
    phone: PhoneSimulator
    diary: Diary
    customers: Customers
    callers: Callers
    letters: LetterBox
    colleagues: Colleagues
    url: str
    shelf: Shelf = field(default_factory=Shelf)


Pages = Callable[[Stage], Iterable[web.RouteDef]]


def no_pages(_: Stage) -> Iterable[web.RouteDef]:
    return ()


@asynccontextmanager
async def open_stage(folder: Path, door: socket.socket, pages: Pages = no_pages) -> AsyncIterator[Stage]:
    """The gateway at work behind ``door``, with all providers; closed in reverse order."""
    async with AsyncExitStack() as stack:
        diary = diaries.load(folder)
        clock = DemoClock(diary.ahead)
        wechat = await _open_wechat(stack, clock)
        mail = await _open_mail(stack, clock)
        phone = await _open_phone(stack, clock)
        letters = LetterBox(folder / LETTERS)
        stack.callback(letters.close)
        diary.restore(wechat)
        url = f"http://{HOST}:{door.getsockname()[1]}"
        settings = demo_settings(folder, url, wechat=wechat, mail=mail, phone=phone)
        gateway = await stack.enter_async_context(open_gateway(settings, clock))
        stage = Stage(
            gateway=gateway,
            clock=clock,
            wechat=wechat,
            mail=mail,
            phone=phone,
            diary=diary,
            customers=Customers(wechat=wechat, mail=mail, diary=diary, clock=clock),
            callers=Callers(phone=phone, diary=diary, clock=clock),
            letters=letters,
            colleagues=Colleagues(gateway.reception),
            url=url,
        )
        await stage.colleagues.hire()
        gateway.app.add_routes(pages(stage))
        await _listen(stack, gateway, door)
        wechat.webhook_url = f"{url}/in/wechat"
        phone.voice_url, phone.status_url = f"{url}/in/phone/call", f"{url}/in/phone/status"
        await start_background_work(gateway)
        stack.push_async_callback(gateway.supervisor.aclose)
        stack.callback(_remember, folder, stage)
        await _publish_menu(gateway)
        yield stage


def open_door(port: int) -> socket.socket:
    """A loopback port to listen on: the wanted one, or the next that is free. Raises OSError."""
    wanted = range(port, min(port + PORTS_TRIED, 65536)) if port else (0,)
    for each in wanted:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, each))
            door.listen(128)
        except OSError:
            door.close()
        else:
            return door
    raise OSError(f"no free port from {port} on")


async def _open_wechat(stack: AsyncExitStack, clock: DemoClock) -> WeChatSimulator:
    wechat = WeChatSimulator(clock=clock, aes_key=new_aes_key())
    # The store outlives the simulator: an id used in an earlier run would be taken for a redelivery.
    began = time.time_ns() // 1_000
    wechat.message_ids = itertools.count(began * 10)
    wechat.platform.message_ids = iter(range(began, began * 2))
    await wechat.start()
    stack.push_async_callback(wechat.aclose)
    return wechat


async def _open_mail(stack: AsyncExitStack, clock: DemoClock) -> MailSimulator:
    mail = MailSimulator(clock=clock, password=new_aes_key())
    await mail.start()
    stack.push_async_callback(mail.stop)
    return mail


async def _open_phone(stack: AsyncExitStack, clock: DemoClock) -> PhoneSimulator:
    phone = PhoneSimulator(clock=clock, auth_token=new_aes_key())
    await phone.start()
    stack.push_async_callback(phone.aclose)
    return phone


async def _listen(stack: AsyncExitStack, gateway: Gateway, door: socket.socket) -> None:
    runner = web.AppRunner(gateway.app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, door).start()


async def _publish_menu(gateway: Gateway) -> None:
    channel = gateway.channels["wechat"]
    assert isinstance(channel, WeChatChannel), "the demo has just configured it"
    await channel.publish_menu()


def _remember(folder: Path, stage: Stage) -> None:
    stage.diary.ahead = stage.clock.ahead
    stage.customers.collect()
    stage.callers.collect()
    diaries.save(folder, stage.diary, stage.wechat)
