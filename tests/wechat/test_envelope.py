"""WeChat's own published examples, and everybody who only says that they are WeChat.

https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html (JSON)
https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/Before_Develop/message_push.html (XML)
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from wechatpy.crypto import WeChatCrypto

from channels.errors import Unauthentic
from channels.wechat.envelope import Envelopes, Seal
from channels.wechat.markup import Malformed
from channels.wechat.settings import WeChatSettings
from channels.wechat.signature import sign, signed
from tests.clock import SetClock

TOKEN = "AAAAA"
KEY = "A" * 43
OTHER_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
APP = "wxba5fad812f8e6fb9"
PLATFORM_APP = "wx134c8103faa5a59e"

JSON_SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
JSON_QUERY = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
JSON_INSIDE = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    b'"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
XML_SEALED = (
    "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+ajKYpJny"
    "Q4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYze"
    "cSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4F"
    "UL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFH"
    "TYe0Mg=="
)
XML_QUERY = {
    "signature": "cc0c594499c1634947d5b502f158ee518947db27",
    "timestamp": "1715943329",
    "nonce": "1590219412",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "6c12a4205838198b8fa631b3220723bb07f1015c",
}
XML_BODY = f"""<xml>
    <ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>
    <Encrypt><![CDATA[{XML_SEALED}]]></Encrypt>
</xml>""".encode()


def envelopes(app_id: str = APP, at: str = "1714112445", **settings: object) -> Envelopes:
    given: dict[str, object] = {"app_id": app_id, "app_secret": "s", "token": TOKEN, "aes_key": KEY} | settings
    clock = SetClock(datetime.fromtimestamp(int(at), UTC))
    return Envelopes(WeChatSettings(**given), clock)  # type: ignore[arg-type]  # test shorthand over a typed class


def test_the_published_signatures_are_ours() -> None:
    assert sign(TOKEN, "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert sign(TOKEN, "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert sign(TOKEN, "1714112445", "415670741", JSON_SEALED) == JSON_QUERY["msg_signature"]


def test_a_signature_differs_in_one_letter_or_holds_strange_ones() -> None:
    right = sign(TOKEN, "1", "2")
    assert signed(right, TOKEN, "1", "2")
    for wrong in ("", right[:-1], right[:-1] + "x", right.upper(), "签名", "\ud800"):
        assert not signed(wrong, TOKEN, "1", "2")


def test_the_published_greeting_is_answered() -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "echostr": "4375120948345356249",
        "timestamp": "1714036504",
        "nonce": "1514711492",
    }
    assert envelopes(at="1714036504").greet(query) == "4375120948345356249"


def test_the_published_sealed_json_opens() -> None:
    body = f'{{"ToUserName": "gh_97417a04a28d", "Encrypt": "{JSON_SEALED}"}}'.encode()
    letter = envelopes(account_id="gh_97417a04a28d").open(body, JSON_QUERY)
    assert letter.raw == JSON_INSIDE
    assert letter.fields is not None
    assert letter.fields["Event"] == "debug_demo"
    assert letter.is_json


def test_the_published_sealed_xml_opens() -> None:
    letter = envelopes(PLATFORM_APP, at="1715943329").open(XML_BODY, XML_QUERY)
    assert len(letter.raw) == 292
    assert letter.fields is not None
    assert letter.fields["debug_str"] == "hello world"


def test_the_published_answers_are_sealed_byte_for_byte() -> None:
    json_seal = Seal(token=TOKEN, aes_key=KEY, app_id=APP)
    sealed = json_seal.encrypt('{"demo_resp":"good luck"}', prefix="707722b803182950")
    assert sealed == "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert sign(TOKEN, "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    xml_seal = Seal(token=TOKEN, aes_key=KEY, app_id=PLATFORM_APP)
    sealed = xml_seal.encrypt("<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>", prefix="999951349e8ee746")
    assert sealed == (
        "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jM"
        "nV0zv3Zc9Nq7"
    )
    assert sign(TOKEN, "1713424427", "415670741", sealed) == "03e0812039325c2712ef5f0f980fd14c70d6e307"


def test_an_answer_is_sealed_alike_for_the_same_item_and_else_not() -> None:
    seal = Seal(token=TOKEN, aes_key=KEY, app_id=APP)
    first = seal.close("<xml>一</xml>", about="msg:1", timestamp="1")
    assert first == seal.close("<xml>一</xml>", about="msg:1", timestamp="1")
    others = {
        seal.close("<xml>二</xml>", about="msg:1", timestamp="1"),
        seal.close("<xml>一</xml>", about="msg:2", timestamp="1"),
        Seal(token=TOKEN, aes_key=OTHER_KEY, app_id=APP).close("<xml>一</xml>", about="msg:1", timestamp="1"),
    }
    assert len({first, *others}) == 4


def test_the_library_that_everybody_uses_opens_our_seal() -> None:
    closed = Seal(token=TOKEN, aes_key=KEY, app_id=APP).close("<xml>您好</xml>", about="msg:1", timestamp="1714112445")
    outer = {name: closed.split(f"<{name}>")[1].split(f"</{name}>")[0] for name in ("Encrypt", "MsgSignature", "Nonce")}
    plain = {name: value.removeprefix("<![CDATA[").removesuffix("]]>") for name, value in outer.items()}
    opened = WeChatCrypto(TOKEN, KEY, APP).decrypt_message(plain, plain["MsgSignature"], "1714112445", plain["Nonce"])
    assert opened == "<xml>您好</xml>"


def test_the_key_before_still_opens_and_closes_while_a_change_spreads() -> None:
    both = envelopes(PLATFORM_APP, at="1715943329", aes_key=OTHER_KEY, aes_key_previous=KEY)
    letter = both.open(XML_BODY, XML_QUERY)
    assert letter.seal is both.seals[1]
    only_new = envelopes(PLATFORM_APP, at="1715943329", aes_key=OTHER_KEY)
    with pytest.raises(Unauthentic):
        only_new.open(XML_BODY, XML_QUERY)


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
def test_a_sealed_item_without_its_proof_is_refused(missing: str) -> None:
    query = {name: value for name, value in XML_QUERY.items() if name != missing}
    with pytest.raises(Unauthentic):
        envelopes(PLATFORM_APP, at="1715943329").open(XML_BODY, query)


def test_the_plain_signature_proves_nothing_of_a_sealed_body() -> None:
    query = {**XML_QUERY, "msg_signature": XML_QUERY["signature"]}
    with pytest.raises(Unauthentic):
        envelopes(PLATFORM_APP, at="1715943329").open(XML_BODY, query)


def test_an_open_body_is_refused_where_a_key_is_set() -> None:
    body = b"<xml><ToUserName>gh_97417a04a28d</ToUserName><MsgType>text</MsgType><Content>x</Content></xml>"
    with pytest.raises(Unauthentic, match="not sealed"):
        envelopes(PLATFORM_APP, at="1715943329").open(body, XML_QUERY)


def test_of_a_compatible_body_only_the_sealed_part_is_read() -> None:
    forged = XML_BODY.replace(b"</xml>", b"<Content>forged</Content><MsgType>text</MsgType></xml>")
    letter = envelopes(PLATFORM_APP, at="1715943329").open(forged, XML_QUERY)
    assert letter.fields is not None
    assert letter.fields["MsgType"] == "event"
    assert b"forged" not in letter.raw


def test_an_item_for_another_app_or_account_is_refused() -> None:
    with pytest.raises(Unauthentic):
        envelopes("wx_another", at="1715943329").open(XML_BODY, XML_QUERY)
    with pytest.raises(Unauthentic):
        envelopes(PLATFORM_APP, at="1715943329", account_id="gh_another").open(XML_BODY, XML_QUERY)
    relabelled = XML_BODY.replace(b"gh_97417a04a28d", b"gh_another00000")
    with pytest.raises(Unauthentic):
        envelopes(PLATFORM_APP, at="1715943329", account_id="gh_another00000").open(relabelled, XML_QUERY)


@pytest.mark.parametrize("later", [-3600, 700, 86_400])
def test_an_old_or_future_signature_is_refused(later: int) -> None:
    at = str(1715943329 + later)
    with pytest.raises(Unauthentic, match="old"):
        envelopes(PLATFORM_APP, at=at).open(XML_BODY, XML_QUERY)
    assert envelopes(PLATFORM_APP, at=at, timestamp_window=0).open(XML_BODY, XML_QUERY).fields


def test_a_body_with_two_seals_or_a_broken_one_is_no_letter() -> None:
    twice = XML_BODY.replace(b"</xml>", b"<Encrypt>x</Encrypt></xml>")
    with pytest.raises(Malformed):
        envelopes(PLATFORM_APP, at="1715943329").open(twice, XML_QUERY)
    for broken in ("", "====", "AAAA", "not base64 ~", base64.b64encode(b"x" * 64).decode()):
        with pytest.raises((ValueError, IndexError)):
            Seal(token=TOKEN, aes_key=KEY, app_id=APP).open(broken)


def test_settings_hide_their_secrets_and_refuse_bad_keys() -> None:
    settings = WeChatSettings(app_id="wx1", app_secret="very-secret", token="hidden-token", aes_key=OTHER_KEY)
    assert "very-secret" not in repr(settings)
    assert "hidden-token" not in repr(settings)
    assert OTHER_KEY not in repr(settings)
    assert settings.mode == "safe"
    for bad in ({"aes_key": "short"}, {"api_url": "ftp://x"}, {"reserve": 5}, {"token": ""}):
        with pytest.raises(ValueError, match=r"must|needs"):
            WeChatSettings(**({"app_id": "wx1", "app_secret": "s", "token": "t"} | bad))
