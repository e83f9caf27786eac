"""WeChat's customer-service interface, as small as it can be: every message is taken and counted."""

from __future__ import annotations

import asyncio
import signal
import sys

import uvloop
from aiohttp import web


class Provider:
    """Prints on SIGTERM how many messages it took."""

    def __init__(self) -> None:
        self.taken = 0

    async def token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "bench-token", "expires_in": 7200})

    async def send(self, request: web.Request) -> web.Response:
        await request.read()
        self.taken += 1
        return web.json_response({"errcode": 0, "errmsg": "ok"})


async def main(port: int) -> None:
    provider, app = Provider(), web.Application()
    app.router.add_post("/cgi-bin/stable_token", provider.token)
    app.router.add_post("/cgi-bin/message/custom/send", provider.send)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("ready", flush=True)
    await stop.wait()
    print(provider.taken, flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
