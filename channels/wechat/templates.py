"""What a template field may hold: its type is the letters of its name.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
("类目模板消息"): a value that is not so is refused with 47003, or cut without a word on a test account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "thing": 20,
        "short_thing": 5,
        "character_string": 32,
        "phrase": 5,
        "name": 10,
        "time": 24,
        "date": 24,
        "const": 20,
    }
)
DEFAULT = 20
LETTERS = re.compile(r"[a-z_]+")
NOT_PLAIN = re.compile("[^\u0020-\u2fff\u3000-\ud7ff\uf900-\ufe0e\ufe10-\uffef]")  # emoji are stripped by the platform
NOT_ASCII = re.compile(r"[^\x21-\x7e]")


def field_type(name: str) -> str:
    found = LETTERS.match(name)
    return found[0].rstrip("_") if found else ""


def field_value(name: str, value: str) -> str:
    """The value as its field takes it: one line, no emoji, not too long; never empty, which is refused too."""
    kind = field_type(name)
    plain = NOT_PLAIN.sub("", " ".join(value.split())).strip() or "-"
    if kind == "character_string":
        plain = NOT_ASCII.sub("", plain) or "-"
    limit = LENGTHS.get(kind, DEFAULT)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
