"""Fetching what a person sent along: it lies with WeChat for three days.

https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from channels.errors import Misconfigured, Rejected, Retryable, Unreachable
from channels.wechat.client import Api
from channels.wechat.transport import Reply, TooLarge
from normalizer.record import Attachment

# The first bytes tell what a file is; names and content types do not.
MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"BM", 0, "image/bmp"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftyp", 4, "video/mp4"),
    (b"#!AMR-WB\n", 0, "audio/amr-wb"),
    (b"#!AMR\n", 0, "audio/amr"),
    (b"#!SILK", 0, "audio/silk"),
    (b"\x02#!SILK", 0, "audio/silk"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"\xff\xf2", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"WAVE", 8, "audio/wav"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),
)
UNKNOWN = "application/octet-stream"

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "image/jpeg": ".jpg",
        "image/png": ".png",
        "image/gif": ".gif",
        "image/bmp": ".bmp",
        "image/webp": ".webp",
        "image/heic": ".heic",
        "audio/mp4": ".m4a",
        "audio/amr": ".amr",
        "audio/amr-wb": ".awb",
        "audio/silk": ".silk",
        "audio/mpeg": ".mp3",
        "audio/ogg": ".ogg",
        "audio/wav": ".wav",
        "video/mp4": ".mp4",
        "application/pdf": ".pdf",
    }
)


def sniff(content: bytes) -> str:
    """The media type that the bytes themselves show."""
    for magic, offset, media_type in MAGIC:
        if content.startswith(magic, offset):
            return media_type
    return UNKNOWN


class Media:
    """Fetches one attachment, whole or not at all."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def fetch(self, attachment: Attachment) -> Attachment:
        """With content, true type and fitting name. Raises Retryable; Rejected when gone (40007) or too large."""
        if not attachment.ref:
            raise Rejected("the attachment has no media id", code="no_media_id")
        try:
            content = await self._content(attachment.ref)
        except TooLarge:
            raise Rejected("the media is larger than we take", code="too_large") from None
        except (Misconfigured, Unreachable) as error:  # the alarm is raised; what was sent waits three days for us
            raise Retryable(str(error)) from None
        if not content:
            raise Retryable("WeChat sent an empty file")
        media_type = sniff(content)
        return replace(attachment, content=content, media_type=media_type, name=_named(attachment.name, media_type))

    async def _content(self, media_id: str) -> bytes:
        """An error comes as JSON inside HTTP 200; the client has raised for it before we see it."""
        reply = await self.api.media(media_id)
        told = reply.json()
        if told is None:
            return _file(reply)
        if "video_url" not in told:
            raise Retryable("WeChat sent words in place of a file")
        return _file(await self.api.load(self._trusted(str(told["video_url"]))))

    def _trusted(self, url: str) -> str:
        """WeChat names the address, often a bare number of its CDN; never one inside our own house."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise Rejected("the video's address is none", code="strange_video_url") from None
        if parts.netloc == urlsplit(self.api.settings.api_url).netloc:
            return url
        if parts.scheme not in ("https", "http") or not parts.hostname or not _public(parts.hostname):
            raise Rejected("the video's address is not WeChat's", code="strange_video_url")
        return url


def _file(reply: Reply) -> bytes:
    if reply.content_type in ("text/html", "application/json"):
        raise Retryable("WeChat sent a page in place of a file")
    return reply.body


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))


def _named(name: str, media_type: str) -> str:
    suffix = SUFFIXES.get(media_type)
    return str(PurePosixPath(name).with_suffix(suffix)) if suffix and name else name
