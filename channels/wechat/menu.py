"""The three buttons under the chat; WeChat clients show a change within a day.

https://developers.weixin.qq.com/doc/service/guide/product/menu/intro.html
"""

from __future__ import annotations

from typing import Any

from channels.wechat.parse import KEYS
from normalizer.record import Gesture

NAMES = {Gesture.COMPLAINT: "我要投诉", Gesture.PROGRESS: "查询进度", Gesture.HUMAN: "人工服务"}


def menu() -> dict[str, Any]:
    """The body of menu/create."""
    return {"button": [{"type": "click", "name": NAMES[gesture], "key": key} for key, gesture in KEYS.items()]}
