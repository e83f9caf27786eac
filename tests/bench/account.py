"""The official account that both servers of the benchmark play, and the sealed messages that load them."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import random_string

from tests.bench.push import Push

APP_ID, TOKEN, AES_KEY, ACCOUNT = "wxbench0000000001", "benchtoken", "B" * 43, "gh_bench"

# One complaint in three messages, as people write them: told, what is wanted, who.
TURNS = (
    "我要投诉，车险理赔拖了两个月了还没赔下来，保单号PDAA2026410100001{n:05d}，打电话就说在审核",
    "请尽快赔付，再拖我就要找律师了",
    "我叫张晓明，电话139{n:08d}",
)


def settings_at(url: str) -> dict[str, Any]:
    """What a gateway must know of the account; ``url``: where WeChat's interface is."""
    return {
        "wechat_app_id": APP_ID,
        "wechat_app_secret": SecretStr("secret"),
        "wechat_token": SecretStr(TOKEN),
        "wechat_aes_key": SecretStr(AES_KEY),
        "wechat_account_id": ACCOUNT,
        "wechat_api_url": url,
    }


def sealed(openid: str, text: str, message: int, at: int) -> tuple[str, bytes]:
    """Query string and body of one push in safe mode, signed for the second ``at``."""
    xml = (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
        f"<MsgId>{message}</MsgId></xml>"
    )
    nonce = random_string(10)
    body = WeChatCrypto(TOKEN, AES_KEY, APP_ID).encrypt_message(xml, nonce, str(at))
    signature = body.split("<MsgSignature><![CDATA[", 1)[1].split("]]>", 1)[0]
    body = body.replace("<xml>", f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>", 1)
    query = f"encrypt_type=aes&timestamp={at}&nonce={nonce}&msg_signature={signature}&signature=x&openid={openid}"
    return query, body.encode()


def conversation(person: int, at: int) -> list[Push]:
    """The three messages of one person."""
    openid = f"o{person:027d}"
    sent = [
        sealed(openid, text.format(n=person % 100_000), 10_000_000 + person * 10 + place, at)
        for place, text in enumerate(TURNS)
    ]
    return [Push(path=f"/in/wechat?{query}", body=body) for query, body in sent]
