"""What an item says: WeChat's words → ours.

Messages: https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
Events: https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from channels.wechat.markup import Fields, Malformed, one
from normalizer.record import NOBODY, Attachment, Contact, ContactKind, Gesture, Submission

CHANNEL = "wechat"
MAX_OPENID = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What one message tells."""

    text: str = ""
    beside: str = ""  # what a message says of a thing (a place, a link, a file), apart from the person's own words
    attachments: tuple[Attachment, ...] = ()
    gesture: Gesture | None = None
    warnings: tuple[str, ...] = ()


def understand(fields: Fields, *, raw: bytes, key: str, received_at: datetime) -> Submission:
    """The submission that an item is; raises Malformed when it is of a kind we do not know, or lacks its parts."""
    sender = sender_of(fields)
    if not sender:
        raise Malformed("no sender")
    kind = one(fields, "MsgType").lower()
    if kind not in MESSAGES:
        raise Malformed(f"messages of type {kind[:20]!r} are not known")
    told = MESSAGES[kind](fields)
    return Submission(
        channel=CHANNEL,
        key=key,
        sender=sender,
        received_at=received_at,
        raw=raw,
        text=told.text,
        quoted=told.beside,
        attachments=told.attachments,
        gesture=told.gesture,
        may_answer=told.gesture not in SPEECHLESS,
        warnings=told.warnings,
        context=context_of(fields),
    )


def not_understood(fields: Fields | None, why: str, *, raw: bytes, key: str, received_at: datetime) -> Submission:
    """The stub of an authentic item that nobody could read; all of it is in ``raw``."""
    return Submission(
        channel=CHANNEL,
        key=key,
        sender=sender_of(fields or {}),
        received_at=received_at,
        raw=raw,
        unreadable=why,
    )


def sender_of(fields: Fields) -> Contact:
    openid = fields.get("FromUserName", "")
    if isinstance(openid, str) and 0 < len(openid) <= MAX_OPENID:
        return Contact(kind=ContactKind.OPENID, value=openid)
    return NOBODY


def context_of(fields: Fields) -> Mapping[str, str]:
    """What else staff or a later answer may need, as WeChat wrote it."""
    found = {ours: fields.get(theirs, "") for theirs, ours in CONTEXT.items()}
    return MappingProxyType({name: value for name, value in found.items() if isinstance(value, str) and value})


CONTEXT = {"CreateTime": "sent_at", "MsgDataId": "article_id", "MediaId16K": "media_id_16k"}


def _text(fields: Fields) -> Told:
    return Told(text=one(fields, "Content"))


def _image(fields: Fields) -> Told:
    return _media(fields, "image", ".jpg", "image/jpeg")


def _voice(fields: Fields) -> Told:
    """Recognition is there only where the account has it switched on: the sound itself is always fetched."""
    suffix = f".{one(fields, 'Format').lower() or 'amr'}"
    return _media(fields, "voice", suffix, VOICES.get(suffix, "audio/amr"), text=one(fields, "Recognition"))


def _video(fields: Fields) -> Told:
    return _media(fields, "video", ".mp4", "video/mp4")


def _location(fields: Fields) -> Told:
    place = f"({one(fields, 'Location_X')}, {one(fields, 'Location_Y')})"
    return Told(beside=" ".join(part for part in ("[位置]", one(fields, "Label"), place) if part))


def _link(fields: Fields) -> Told:
    """Shown, never fetched: what is behind it is the sender's choice."""
    parts = [one(fields, name) for name in ("Title", "Description", "Url")]
    return Told(beside="[链接] " + "\n".join(part for part in parts if part))


def _file(fields: Fields) -> Told:
    """WeChat tells a file's name and MD5, but no MediaId by which to fetch it: staff must ask for it otherwise."""
    beside = f"[文件] {one(fields, 'Title')}"
    if one(fields, "MediaId"):
        return _media(fields, "file", "", "application/octet-stream", beside=beside, name=one(fields, "Title"))
    return Told(beside=beside, warnings=("file_without_media_id",))


def _media(
    fields: Fields, kind: str, suffix: str, media_type: str, *, text: str = "", beside: str = "", name: str = ""
) -> Told:
    ref = one(fields, "MediaId")
    if not ref:
        return Told(text=text, beside=beside, warnings=("media_without_media_id",))
    name = name or f"{kind}-{one(fields, 'MsgId') or 'x'}{suffix}"
    return Told(text=text, beside=beside, attachments=(Attachment(name=name, media_type=media_type, ref=ref),))


def _event(fields: Fields) -> Told:
    event = one(fields, "Event").lower()
    if event == "click":
        return Told(gesture=KEYS.get(one(fields, "EventKey"), Gesture.NOTED))
    return Told(gesture=EVENTS.get(event, Gesture.NOTED))


VOICES = {".amr": "audio/amr", ".mp3": "audio/mpeg", ".speex": "audio/speex"}

MESSAGES: Mapping[str, Callable[[Fields], Told]] = MappingProxyType(
    {
        "text": _text,
        "image": _image,
        "voice": _voice,
        "video": _video,
        "shortvideo": _video,
        "location": _location,
        "link": _link,
        "file": _file,
        "event": _event,
    }
)

# The keys of our own menu (menu.py); CLICKs on another account's old menu are noted.
KEYS: Mapping[str, Gesture] = MappingProxyType(
    {"COMPLAINT": Gesture.COMPLAINT, "PROGRESS": Gesture.PROGRESS, "HUMAN": Gesture.HUMAN}
)

# Whatever is not here, or not yet invented, is kept and noted.
EVENTS: Mapping[str, Gesture] = MappingProxyType(
    {
        "subscribe": Gesture.FOLLOW,  # with EventKey qrscene_… when it came by a scan
        "unsubscribe": Gesture.UNFOLLOW,
        "scan": Gesture.NOTED,
        "location": Gesture.NOTED,
        "view": Gesture.NOTED,
        "view_miniprogram": Gesture.NOTED,
        "scancode_push": Gesture.NOTED,
        "scancode_waitmsg": Gesture.NOTED,
        "pic_sysphoto": Gesture.NOTED,  # the pictures follow as messages of their own
        "pic_photo_or_album": Gesture.NOTED,
        "pic_weixin": Gesture.NOTED,
        "location_select": Gesture.NOTED,
        "templatesendjobfinish": Gesture.NOTED,
        "masssendjobfinish": Gesture.NOTED,
        "subscribe_msg_popup_event": Gesture.NOTED,
        "subscribe_msg_change_event": Gesture.NOTED,
        "subscribe_msg_sent_event": Gesture.NOTED,
        "user_authorization_revoke": Gesture.NOTED,
    }
)
SPEECHLESS = frozenset({Gesture.NOTED, Gesture.UNFOLLOW})  # nobody waits for an answer to these
