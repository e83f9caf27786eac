"""What people send along is fetched in time, whole, and believed by its bytes only."""

from __future__ import annotations

import pytest

from channels.base import Channel, Fetcher, Probe
from channels.errors import Rejected, Retryable
from channels.wechat import client
from channels.wechat.media import sniff
from channels.wechat.simulator import Fault
from channels.wechat.simulator.faults import Kind
from channels.wechat.simulator.platform import Stored
from channels.wechat.transport import LOAD_TIME
from normalizer.record import Attachment
from tests.wechat.conftest import House

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
AMR = b"#!AMR\n" + b"sound" * 100
MP4 = b"\0\0\0\x20ftypisom" + b"moving" * 100


def attached(ref: str, name: str = "image-1.jpg") -> Attachment:
    return Attachment(name=name, media_type="image/jpeg", ref=ref)


async def test_a_picture_is_fetched(house: House) -> None:
    ref = house.simulator.upload_media(JPEG)
    found = await house.channel.fetch(attached(ref))
    assert (found.content, found.media_type, found.name) == (JPEG, "image/jpeg", "image-1.jpg")


async def test_a_file_is_what_its_bytes_say_not_what_it_is_called(house: House) -> None:
    ref = house.simulator.upload_media(AMR, content_type="image/jpeg")
    found = await house.channel.fetch(attached(ref))
    assert (found.media_type, found.name) == ("audio/amr", "image-1.amr")


async def test_a_video_is_fetched_from_where_wechat_says_without_the_token(house: House) -> None:
    ref = house.simulator.upload_media(MP4, content_type="video/mp4", video=True)
    found = await house.channel.fetch(attached(ref, "video-1.mp4"))
    assert (found.content, found.media_type) == (MP4, "video/mp4")


async def test_an_error_inside_http_200_is_no_file(house: House) -> None:
    with pytest.raises(Rejected) as raised:
        await house.channel.fetch(attached("no-such-media"))
    assert raised.value.code == "40007"


async def test_after_three_days_it_is_gone_for_good(house: House) -> None:
    ref = house.simulator.upload_media(JPEG)
    house.clock.advance(days=3, seconds=1)
    with pytest.raises(Rejected) as raised:
        await house.channel.fetch(attached(ref))
    assert raised.value.code == "40007"


async def test_more_than_we_take_is_refused_while_it_streams(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"media/get": (1_000, LOAD_TIME)}
    monkeypatch.setattr(client, "LIMITS", limits)
    monkeypatch.setattr(client, "MEDIA_CAP", 1_000)
    for video in (False, True):
        ref = house.simulator.upload_media(JPEG * 10, video=video)
        with pytest.raises(Rejected) as raised:
            await house.channel.fetch(attached(ref))
        assert raised.value.code == "too_large"


@pytest.mark.parametrize("kind", ["http", "garbage", "drop"])
async def test_a_broken_line_is_tried_again(house: House, kind: str) -> None:
    ref = house.simulator.upload_media(JPEG)
    house.simulator.inject(Fault(endpoint="media/get", kind=kind, code=502, times=2))  # type: ignore[arg-type]  # one of the literals
    with pytest.raises(Retryable):
        await house.channel.fetch(attached(ref))
    house.simulator.platform.faults.ordered.clear()  # aiohttp itself repeats a GET once, when a kept-open line breaks
    assert (await house.channel.fetch(attached(ref))).content == JPEG


async def test_an_old_token_does_not_cost_a_picture(house: House) -> None:
    ref = house.simulator.upload_media(JPEG)
    await house.channel.fetch(attached(ref))
    house.simulator.platform.access.rotate()
    house.clock.advance(seconds=30)
    assert (await house.channel.fetch(attached(ref))).content == JPEG


@pytest.mark.parametrize("fault", [("errcode", 48001), ("errcode", 40164), ("errcode", 48002), ("http", 403)])
async def test_what_only_we_can_mend_does_not_lose_a_picture(house: House, fault: tuple[Kind, int]) -> None:
    ref = house.simulator.upload_media(JPEG)
    house.simulator.inject(Fault(endpoint="media/get", kind=fault[0], code=fault[1]))
    with pytest.raises(Retryable):
        await house.channel.fetch(attached(ref))
    assert (await house.channel.fetch(attached(ref))).content == JPEG


async def test_an_empty_file_is_asked_for_again(house: House) -> None:
    with pytest.raises(Retryable):
        await house.channel.fetch(attached(house.simulator.upload_media(b"")))
    with pytest.raises(Rejected):
        await house.channel.fetch(attached(""))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://169.254.169.254/meta",
        "http://[::1]/x",
        "http://db/x",
        "ftp://x.qq.com/",
        "file:///etc",
    ],
)
async def test_a_video_address_inside_our_house_is_not_visited(house: House, url: str) -> None:
    platform = house.simulator.platform
    platform.media["m"] = Stored(
        content=f'{{"video_url": "{url}"}}'.encode(), content_type="text/plain", at=house.clock.now()
    )
    with pytest.raises(Rejected) as raised:
        await house.channel.fetch(attached("m"))
    assert raised.value.code == "strange_video_url"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"MZ\x90", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_first_bytes_tell_the_type(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


def test_the_channel_is_what_the_gateway_expects(house: House) -> None:
    channel: Channel = house.channel
    assert channel.name == "wechat"
    assert isinstance(house.channel, Fetcher)
    assert isinstance(house.channel, Probe)
