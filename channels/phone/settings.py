"""What an operator sets for one hotline number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from channels.origin import Checks

PLATFORM = "https://api.twilio.com"
NUMBER = re.compile(r"\+?\d{3,15}")  # E.164, or a short number as carriers give to hotlines
SID = re.compile(r"[A-Za-z0-9]{2,64}")  # two letters and 32 hexadecimal digits at Twilio; part of addresses and keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """How one language is spoken and understood."""

    voice: str  # of <Say>
    say: str  # language of <Say>
    hear: str  # language of <Gather>


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneSettings:
    """One hotline; secrets never show in a repr."""

    account_sid: str
    auth_token: str = field(repr=False)
    auth_token_secondary: str = field(default="", repr=False)  # accepted too while tokens are rotated
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    number: str
    api_url: str = PLATFORM
    public_url: str = ""  # under which Twilio calls us; empty: as the request names us, for one's own machine
    org_name: str = ""
    agents: tuple[str, ...] = ()  # rung when a person is wanted
    ring_seconds: int = 20
    chinese: Tongue = Tongue(voice="Polly.Zhiyu-Neural", say="cmn-CN", hear="cmn-Hans-CN")
    english: Tongue = Tongue(voice="Polly.Joanna-Neural", say="en-US", hear="en-US")
    speech_model: str = ""
    least_confidence: float = 0.4
    checks: Checks = Checks.ENFORCE
    record: bool = True
    delete_recordings: bool = False
    reach: Path | None = None
    sms_template: str = ""

    def __post_init__(self) -> None:
        if not self.auth_token:
            raise ValueError("TOUSU_PHONE_AUTH_TOKEN is not set")
        if not SID.fullmatch(self.account_sid):
            raise ValueError("TOUSU_PHONE_ACCOUNT_SID must be letters and digits")
        for name, number in (("NUMBER", self.number), *(("AGENTS", agent) for agent in self.agents)):
            if not NUMBER.fullmatch(number):
                raise ValueError(f"TOUSU_PHONE_{name} must be in E.164 form, as +85221234567")
        if urlsplit(self.api_url).scheme not in ("https", "http"):
            raise ValueError("TOUSU_PHONE_API_URL must be an http(s) address")

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens Twilio may have signed with, the current one first."""
        return tuple(token for token in (self.auth_token, self.auth_token_secondary) if token)

    @property
    def login(self) -> tuple[str, str]:
        """User and password of our own requests."""
        return (self.api_key, self.api_secret) if self.api_key else (self.account_sid, self.auth_token)

    def tongue(self, language: str) -> Tongue:
        return self.english if language == "en" else self.chinese
