"""Built from the environment; off without an account."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from channels.base import Channel, Means, Off
from channels.origin import Checks
from channels.phone.channel import PhoneChannel
from channels.phone.settings import PLATFORM, PhoneSettings, Tongue

PREFIX = "phone_"
CHINESE, ENGLISH = "cmn-CN", "en-US"  # of <Say>, where the voice's name does not tell


def build(means: Means) -> Channel | Off:
    """The channel, or why it is off. Raises ValueError when a setting cannot be right."""
    if not means.settings.get("phone_account_sid"):
        return Off("TOUSU_PHONE_ACCOUNT_SID is not set")
    return PhoneChannel(settings=settings_from(means.settings), memory=means.memory, clock=means.clock)


def settings_from(environment: Mapping[str, str]) -> PhoneSettings:
    """Our part of the environment (``phone_…``, lower case). Raises ValueError."""

    def told(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name) or default

    return PhoneSettings(
        account_sid=told("account_sid"),
        auth_token=told("auth_token"),
        auth_token_secondary=told("auth_token_secondary"),
        api_key=told("api_key"),
        api_secret=told("api_secret"),
        number=told("number"),
        api_url=told("api_url", PLATFORM),
        public_url=environment.get("public_url", ""),
        org_name=environment.get("org_name", ""),
        agents=tuple(agent.strip() for agent in told("agents").split(",") if agent.strip()),
        ring_seconds=int(told("ring_seconds", "20")),
        chinese=tongue(told("voice", "Polly.Zhiyu-Neural"), CHINESE, told("speech_language", "cmn-Hans-CN")),
        english=tongue(told("voice_en", "Polly.Joanna-Neural"), ENGLISH, told("speech_language_en", "en-US")),
        speech_model=told("speech_model"),
        least_confidence=float(told("least_confidence", "0.4")),
        checks=Checks(told("checks", Checks.ENFORCE)),
        record=is_on(told("record", "True")),
        delete_recordings=is_on(told("delete_recordings", "False")),
        reach=Path(told("reach")) if told("reach") else None,
        sms_template=told("sms_template"),
    )


def tongue(voice: str, say: str, hear: str) -> Tongue:
    """A voice speaks one language only: ``Google.yue-HK-Standard-A`` names it, the Cantonese of Polly is known."""
    if voice.startswith("Google."):
        say = "-".join(voice.removeprefix("Google.").split("-")[:2])
    elif voice.startswith("Polly.Hiujin"):
        say = "yue-CN"
    return Tongue(voice=voice, say=say, hear=hear)


def is_on(told: str) -> bool:
    """Booleans come as Python writes them."""
    return told.strip().lower() in ("true", "1", "yes", "on")
