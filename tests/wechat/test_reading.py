"""What people send, and what the gateway hears of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from channels.base import DeliveryState, Item
from channels.errors import Unreadable
from channels.wechat.keys import key_of
from channels.wechat.markup import Malformed, read_fields
from channels.wechat.parse import understand
from channels.wechat.receipts import reports_of
from normalizer.record import ContactKind, Gesture, Submission
from tests.clock import MONDAY_MORNING
from tests.wechat.conftest import House

HEAD = (
    "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oPerson]]></FromUserName>"
    "<CreateTime>1763861400</CreateTime>"
)


def item(inner: str) -> bytes:
    return f"<xml>{HEAD}{inner}</xml>".encode()


def read(inner: str, at: datetime = MONDAY_MORNING) -> Submission:
    raw = item(inner)
    fields = read_fields(raw)
    return understand(fields, raw=raw, key=key_of(fields, raw), received_at=at)


def event(name: str, more: str = "") -> Submission:
    return read(f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{more}")


def test_a_text_is_kept_with_every_space_and_line() -> None:
    submission = read("<MsgType>text</MsgType><Content><![CDATA[  第一行\n  第二行  ]]></Content><MsgId>1</MsgId>")
    assert submission.text == "  第一行\n  第二行  "
    assert submission.sender.kind is ContactKind.OPENID
    assert submission.sender.value == "oPerson"
    assert submission.key == "msg:1"
    assert submission.received_at == MONDAY_MORNING
    assert submission.attested
    assert submission.may_answer
    assert submission.context["sent_at"] == "1763861400"
    assert b"  \xe7\xac\xac" in submission.raw


def test_an_empty_text_is_an_empty_text() -> None:
    assert read("<MsgType>text</MsgType><Content></Content><MsgId>2</MsgId>").text == ""
    assert read("<MsgType>text</MsgType><MsgId>2</MsgId>").text == ""


def test_a_picture_is_fetched_by_its_media_id_never_by_its_address() -> None:
    submission = read(
        "<MsgType>image</MsgType><PicUrl>http://evil.example/</PicUrl><MediaId>M1</MediaId><MsgId>3</MsgId>"
    )
    (picture,) = submission.attachments
    assert (picture.ref, picture.media_type, picture.name) == ("M1", "image/jpeg", "image-3.jpg")
    assert picture.content is None
    assert submission.text == ""


def test_a_voice_with_recognition_is_words_and_sound() -> None:
    submission = read(
        "<MsgType>voice</MsgType><MediaId>V1</MediaId><Format>amr</Format><MediaId16K>V16</MediaId16K>"
        "<Recognition><![CDATA[我要投诉]]></Recognition><MsgId>4</MsgId>"
    )
    assert submission.text == "我要投诉"
    assert submission.attachments[0].ref == "V1"
    assert submission.attachments[0].media_type == "audio/amr"
    assert submission.context["media_id_16k"] == "V16"


def test_a_voice_without_recognition_is_sound_only() -> None:
    for recognition in ("", "<Recognition></Recognition>"):
        submission = read(f"<MsgType>voice</MsgType><MediaId>V1</MediaId>{recognition}<MsgId>5</MsgId>")
        assert submission.text == ""
        assert submission.attachments[0].name == "voice-5.amr"


@pytest.mark.parametrize("kind", ["video", "shortvideo"])
def test_a_video_is_an_attachment(kind: str) -> None:
    submission = read(f"<MsgType>{kind}</MsgType><MediaId>W1</MediaId><ThumbMediaId>T</ThumbMediaId><MsgId>6</MsgId>")
    assert [(one.ref, one.media_type) for one in submission.attachments] == [("W1", "video/mp4")]


def test_a_place_is_a_line_of_text() -> None:
    submission = read(
        "<MsgType>location</MsgType><Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Scale>15</Scale>"
        "<Label><![CDATA[上海市黄浦区]]></Label><MsgId>7</MsgId>"
    )
    assert submission.quoted == "[位置] 上海市黄浦区 (31.23, 121.47)"


def test_a_link_is_shown_not_fetched() -> None:
    submission = read(
        "<MsgType>link</MsgType><Title>新闻</Title><Description>说明</Description><Url>http://x.example/a</Url><MsgId>8</MsgId>"
    )
    assert submission.quoted == "[链接] 新闻\n说明\nhttp://x.example/a"
    assert not submission.attachments


def test_a_file_without_media_id_is_named_and_flagged() -> None:
    submission = read("<MsgType>file</MsgType><Title>保单.pdf</Title><FileMd5>0</FileMd5><MsgId>9</MsgId>")
    assert submission.quoted == "[文件] 保单.pdf"
    assert submission.warnings == ("file_without_media_id",)
    with_id = read("<MsgType>file</MsgType><Title>保单.pdf</Title><MediaId>F</MediaId><MsgId>9</MsgId>")
    assert [(one.ref, one.name) for one in with_id.attachments] == [("F", "保单.pdf")]


@pytest.mark.parametrize(
    ("name", "key", "gesture", "may_answer"),
    [
        ("subscribe", "", Gesture.FOLLOW, True),
        ("subscribe", "qrscene_123", Gesture.FOLLOW, True),
        ("unsubscribe", "", Gesture.UNFOLLOW, False),
        ("CLICK", "COMPLAINT", Gesture.COMPLAINT, True),
        ("CLICK", "PROGRESS", Gesture.PROGRESS, True),
        ("CLICK", "HUMAN", Gesture.HUMAN, True),
        ("CLICK", "V1001_OLD_MENU", Gesture.NOTED, False),
        ("SCAN", "123", Gesture.NOTED, False),
        ("LOCATION", "", Gesture.NOTED, False),
        ("VIEW", "http://x.example", Gesture.NOTED, False),
        ("view_miniprogram", "pages/index", Gesture.NOTED, False),
        ("scancode_push", "k", Gesture.NOTED, False),
        ("scancode_waitmsg", "k", Gesture.NOTED, False),
        ("pic_sysphoto", "k", Gesture.NOTED, False),
        ("pic_photo_or_album", "k", Gesture.NOTED, False),
        ("pic_weixin", "k", Gesture.NOTED, False),
        ("location_select", "k", Gesture.NOTED, False),
        ("TEMPLATESENDJOBFINISH", "", Gesture.NOTED, False),
        ("MASSSENDJOBFINISH", "", Gesture.NOTED, False),
        ("subscribe_msg_popup_event", "", Gesture.NOTED, False),
        ("subscribe_msg_change_event", "", Gesture.NOTED, False),
        ("subscribe_msg_sent_event", "", Gesture.NOTED, False),
        ("user_authorization_revoke", "", Gesture.NOTED, False),
        ("an_event_of_2027", "", Gesture.NOTED, False),
    ],
)
def test_every_event_is_kept_and_the_known_ones_mean_something(
    name: str, key: str, gesture: Gesture, may_answer: bool
) -> None:
    submission = event(name, f"<EventKey><![CDATA[{key}]]></EventKey>")
    assert submission.gesture is gesture
    assert submission.may_answer is may_answer
    assert not submission.unreadable


def test_an_event_with_nested_parts_is_read() -> None:
    submission = event(
        "pic_sysphoto",
        "<EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
        "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>",
    )
    assert submission.gesture is Gesture.NOTED


@pytest.mark.parametrize(
    "inner",
    [
        "<MsgType>telepathy</MsgType><MsgId>1</MsgId>",
        "<MsgId>1</MsgId>",
        "<MsgType>text</MsgType><Content>a</Content><Content>b</Content><MsgId>1</MsgId>",
        "<MsgType>text</MsgType><MsgType>event</MsgType><MsgId>1</MsgId>",
        "<MsgType>text</MsgType><Content><b>a</b></Content><MsgId>1</MsgId>",
    ],
)
def test_what_cannot_be_understood_says_so(inner: str) -> None:
    with pytest.raises(Malformed):
        read(inner)


def test_messages_are_known_by_their_id_and_events_by_all_they_say() -> None:
    def key(inner: str) -> str:
        raw = item(inner)
        return key_of(read_fields(raw), raw)

    click = "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>{}</EventKey>"
    assert key("<MsgType>text</MsgType><MsgId>77</MsgId>") == "msg:77"
    assert key(click.format("HUMAN")) == key(click.format("HUMAN"))
    assert key(click.format("HUMAN")) != key(click.format("PROGRESS"))
    receipt = "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>{}</MsgID><Status>success</Status>"
    assert key(receipt.format(1)) != key(receipt.format(2))
    popup = "<MsgType>event</MsgType><Event>wxa_media_check</Event><trace_id>{}</trace_id>"
    assert key(popup.format("a")) != key(popup.format("b"))
    assert key("<MsgType>text</MsgType><Content>a</Content>").startswith("raw:")
    assert len(key(f"<MsgType>text</MsgType><MsgId>{'9' * 500}</MsgId>")) < 64


def test_a_template_receipt_is_a_report() -> None:
    at = MONDAY_MORNING
    head = "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID>"

    def one(status: str) -> tuple[str, DeliveryState, bool]:
        (report,) = reports_of(read_fields(item(f"{head}<Status>{status}</Status>")), at)
        return report.provider_id, report.state, report.blocked

    assert one("success") == ("200163836", DeliveryState.DELIVERED, False)
    assert one("failed:user block") == ("200163836", DeliveryState.FAILED, True)
    assert one("failed: system failed") == ("200163836", DeliveryState.FAILED, False)
    assert one("failed:freq limit") == ("200163836", DeliveryState.FAILED, False)


def test_subscription_receipts_are_reports_one_or_several() -> None:
    sent = (
        "<List><TemplateId>t</TemplateId><MsgID>{}</MsgID><ErrorCode>{}</ErrorCode><ErrorStatus>{}</ErrorStatus></List>"
    )
    head = "<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event>"
    both = f"{sent.format(1, 0, 'success')}{sent.format(2, 20001, 'user refuse')}"
    reports = reports_of(
        read_fields(item(f"{head}<SubscribeMsgSentEvent>{both}</SubscribeMsgSentEvent>")), MONDAY_MORNING
    )
    assert [(one.provider_id, one.state) for one in reports] == [
        ("1", DeliveryState.DELIVERED),
        ("2", DeliveryState.FAILED),
    ]
    one = f"<SubscribeMsgSentEvent>{sent.format(3, 0, 'success')}</SubscribeMsgSentEvent>"
    assert len(reports_of(read_fields(item(head + one)), MONDAY_MORNING)) == 1
    json = (
        b'{"MsgType":"event","Event":"subscribe_msg_sent_event",'
        b'"List":{"MsgID":"4","ErrorCode":"0","ErrorStatus":"success"}}'
    )
    assert [report.provider_id for report in reports_of(read_fields(json), MONDAY_MORNING)] == ["4"]
    assert reports_of(read_fields(item("<MsgType>text</MsgType><Content>x</Content>")), MONDAY_MORNING) == ()


async def test_a_kept_item_reads_the_same_again(house: House) -> None:
    person = house.simulator.person()
    await house.simulator.push_text(person.openid, "理赔拖了三个月")
    first = house.inbox.only
    again = await house.channel.read(
        Item(channel="wechat", key=first.key, received_at=first.received_at, raw=first.raw)
    )
    assert again == first


async def test_a_kept_item_that_is_no_xml_is_unreadable(house: House) -> None:
    with pytest.raises(Unreadable):
        await house.channel.read(Item(channel="wechat", key="k", received_at=MONDAY_MORNING, raw=b"<xml"))
