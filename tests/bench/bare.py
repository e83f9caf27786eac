"""The yardstick: aiohttp with wechatpy (verify, decrypt, parse, answer, encrypt) or twilio (verify, answer)."""

from __future__ import annotations

import asyncio
import sys

import uvloop
from aiohttp import web
from twilio.twiml.voice_response import Gather, VoiceResponse
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from tests.bench.account import AES_KEY, APP_ID, TOKEN
from tests.bench.hotline import PUBLIC, SIGNER

CRYPTO = WeChatCrypto(TOKEN, AES_KEY, APP_ID)


async def answer(request: web.Request) -> web.Response:
    query = request.query
    body = await request.text()
    xml = CRYPTO.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    reply = create_reply("您好，我们已收到您的投诉。", parse_message(xml)).render()
    sealed = CRYPTO.encrypt_message(reply, query["nonce"], query["timestamp"])
    return web.Response(text=sealed, content_type="application/xml")


async def speak(request: web.Request) -> web.Response:
    form = await request.post()
    if not SIGNER.validate(PUBLIC + request.raw_path, form, request.headers.get("X-Twilio-Signature", "")):
        raise web.HTTPForbidden
    response = VoiceResponse()
    gather = Gather(input="speech dtmf", action="step?n=1", language="cmn-Hans-CN")
    gather.say("您好，请说说您遇到了什么问题。", language="cmn-CN", voice="Polly.Zhiyu-Neural")
    response.append(gather)
    return web.Response(text=str(response), content_type="text/xml")


async def main(port: int) -> None:
    app = web.Application()
    app.router.add_post("/in/wechat", answer)
    app.router.add_post("/in/phone/{path}", speak)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
