"""What an operator sets for one official account (服务号)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from channels.origin import Checks

PLATFORM = "https://api.weixin.qq.com"
KEY_LETTERS = 43  # EncodingAESKey: 32 bytes in base64 without its "="


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateFields:
    """What the fields of the chosen template are called; an empty name: the template has no such field.

    The name's letters are its type (``thing4``: 20 characters), see
    https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
    """

    number: str = "character_string1"
    status: str = "thing2"
    note: str = "thing3"
    time: str = "time4"


@dataclass(frozen=True, kw_only=True, slots=True)
class WeChatSettings:
    """One official account; secrets never show in a repr."""

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    aes_key_previous: str = field(default="", repr=False)  # still accepted while a change of key spreads
    account_id: str = ""  # gh_…; items addressed to another account are refused
    api_url: str = PLATFORM
    template_id: str = ""
    template_fields: TemplateFields = TemplateFields()
    subscription_template_id: str = ""
    subscription_fields: TemplateFields = TemplateFields()
    timestamp_window: int = 600  # seconds a signature stays good; 0: for ever
    reserve: int = 2  # customer-service messages kept back for results, of the five in 48 hours
    checks: Checks = Checks.ENFORCE
    max_in_flight: int = 200  # above this many webhooks at once, answers go by the queue
    max_body: int = 64 * 1024  # bytes; WeChat's own items stay below 10 KiB

    def __post_init__(self) -> None:
        for name in ("app_id", "app_secret", "token"):
            if not getattr(self, name):
                raise ValueError(f"WeChat needs {name}")
        for key in self.aes_keys:
            _check_key(key)
        if urlsplit(self.api_url).scheme not in ("https", "http"):
            raise ValueError("WeChat api_url must be an http(s) address")
        if not 0 <= self.reserve < 5:
            raise ValueError("WeChat reserve must leave at least one of the five messages")

    @property
    def aes_keys(self) -> tuple[str, ...]:
        """The keys that open an item, the current one first."""
        return tuple(key for key in (self.aes_key, self.aes_key_previous) if key)

    @property
    def mode(self) -> str:
        """``safe``: only sealed items are read, of compatible ones only the sealed part; ``plain``: no key is set."""
        return "safe" if self.aes_keys else "plain"


def _check_key(key: str) -> None:
    if len(key) != KEY_LETTERS or len(base64.b64decode(key + "=")) != 32:
        raise ValueError(f"EncodingAESKey must be {KEY_LETTERS} letters and digits")
