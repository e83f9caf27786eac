"""The yardstick: aiohttp and wechatpy, verify, decrypt, parse, answer, encrypt — and nothing kept."""

from __future__ import annotations

import asyncio
import sys

import uvloop
from aiohttp import web
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from tests.bench.account import AES_KEY, APP_ID, TOKEN

CRYPTO = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


async def answer(request: web.Request) -> web.Response:
    query = request.query
    body = await request.text()
    xml = CRYPTO.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    reply = create_reply("您好，我们已收到您的投诉。", parse_message(xml)).render()
    sealed = CRYPTO.encrypt_message(reply, query["nonce"], query["timestamp"])
    return web.Response(text=sealed, content_type="application/xml")


async def main(port: int) -> None:
    app = web.Application()
    app.router.add_post("/in/wechat", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
