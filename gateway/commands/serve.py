"""``serve``: the gateway, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

import structlog
import uvloop
from aiohttp import web
from pydantic import ValidationError

from gateway.app import Gateway, open_gateway
from gateway.background import start_background_work
from gateway.operations.logs import configure_logs, die_quietly
from gateway.settings import Settings
from store.errors import StoreError

log = structlog.get_logger(__name__)


def run(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="tousu serve", description="Settings come from TOUSU_* variables.").parse_args(argv)
    try:
        settings = Settings()
    except ValidationError as error:
        return _refuse("; ".join(f"TOUSU_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()))
    configure_logs(settings.log_level)
    die_quietly()
    try:
        uvloop.run(serve(settings))
    except (StoreError, ValueError, OSError) as error:  # the last: nobody listens where the database should be
        return _refuse(str(error))
    return 0


async def serve(settings: Settings) -> None:
    """Open, listen, work; on SIGTERM or SIGINT finish what is in hand and go."""
    stop = _told_to_stop()
    async with open_gateway(settings) as gateway:
        runner = await listen(gateway, settings.host, settings.port)
        await start_background_work(gateway)
        log.info("gateway_started", host=settings.host, port=settings.port, channels=sorted(gateway.channels))
        try:
            await stop.wait()
        finally:
            await runner.cleanup()
            await gateway.supervisor.aclose()


async def listen(gateway: Gateway, host: str, port: int) -> web.AppRunner:
    """Serve the gateway's pages and webhooks; the caller cleans the runner up."""
    runner = web.AppRunner(gateway.app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port, reuse_address=True).start()
    return runner


def _told_to_stop() -> asyncio.Event:
    """Set by the first signal, also by one that comes while we are still starting."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    return stop


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
