"""The words of an answer, made safe and short enough for WeChat."""

from __future__ import annotations

import re
import unicodedata

LIMIT = 1_800  # bytes of UTF-8: old pages say 2,048, new ones say nothing
ZWJ = "\u200d"

# https://www.w3.org/TR/xml/#charsets: what no XML may hold, escaped or not.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ENDS = (re.compile(r"\n"), re.compile(r"[。！？!?；;]+[”’」』）)]*\s*|\.\s"), re.compile(r"[，、：,:]|\s"))

TEXT_REPLY = """<xml>
<ToUserName><![CDATA[{to}]]></ToUserName>
<FromUserName><![CDATA[{sender}]]></FromUserName>
<CreateTime>{create_time}</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[{text}]]></Content>
</xml>"""


def text_reply(*, to: str, sender: str, create_time: str, text: str) -> str:
    """The passive reply. wechatpy's TextReply lets a ``]]>`` in the text out of its CDATA section."""
    return TEXT_REPLY.format(
        to=_cdata(to), sender=_cdata(sender), create_time=create_time, text=_cdata(shorten(clean(text)))
    )


def clean(text: str) -> str:
    """The text without the characters that no XML may hold."""
    return ILLEGAL.sub("", text)


def _cdata(text: str) -> str:
    return clean(text).replace("]]>", "]]]]><![CDATA[>")


def shorten(text: str, limit: int = LIMIT) -> str:
    """The text, or as many whole sentences of it as fit into ``limit`` bytes, and an ellipsis."""
    if _size(text) <= limit:
        return text
    return split_text(text, limit - _size("…"))[0].rstrip() + "…"


def split_text(text: str, limit: int = LIMIT) -> list[str]:
    """The text in parts of at most ``limit`` bytes, cut after a line, a sentence, a clause, or where it must be."""
    parts: list[str] = []
    rest = clean(text).strip()
    while _size(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, limit: int) -> int:
    """Where to cut: the last good end in the second half of what fits."""
    most = len(text.encode()[:limit].decode(errors="ignore"))
    for end in ENDS:
        found = [match.end() for match in end.finditer(text, 0, most)]
        if found and found[-1] > most // 2:
            return found[-1]
    return _between_characters(text, most)


def _between_characters(text: str, cut: int) -> int:
    """Not inside what a reader sees as one character (é as two, a family of emoji)."""
    earliest = max(1, cut - 20)
    while cut > earliest and (
        unicodedata.combining(text[cut]) or ZWJ in text[cut - 1 : cut + 1] or text[cut] == "\ufe0f"
    ):
        cut -= 1
    return max(1, cut)


def _size(text: str) -> int:
    return len(text.encode())
