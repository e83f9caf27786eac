"""Built from the environment; off without an app id."""

from __future__ import annotations

from collections.abc import Mapping

from channels.base import Channel, Means, Off
from channels.origin import Checks
from channels.wechat.channel import WeChatChannel
from channels.wechat.settings import PLATFORM, TemplateFields, WeChatSettings

PREFIX = "wechat_"


def build(means: Means) -> Channel | Off:
    """The channel, or why it is off. Raises ValueError when a setting cannot be right."""
    if not means.settings.get("wechat_app_id"):
        return Off("TOUSU_WECHAT_APP_ID is not set")
    return WeChatChannel(settings=settings_from(means.settings), memory=means.memory, clock=means.clock)


def settings_from(environment: Mapping[str, str]) -> WeChatSettings:
    """Our part of the environment (``wechat_…``, lower case). Raises ValueError."""

    def told(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name) or default

    fields = template_fields(told("template_fields"))
    return WeChatSettings(
        app_id=told("app_id"),
        app_secret=told("app_secret"),
        token=told("token"),
        aes_key=told("aes_key"),
        aes_key_previous=told("aes_key_previous"),
        account_id=told("account_id"),
        api_url=told("api_url", PLATFORM),
        template_id=told("template_id"),
        template_fields=fields,
        subscription_template_id=told("subscription_template_id"),
        subscription_fields=template_fields(told("subscription_fields")) if told("subscription_fields") else fields,
        timestamp_window=int(told("timestamp_window", "600")),
        checks=Checks(told("checks", Checks.ENFORCE)),
    )


def template_fields(told: str) -> TemplateFields:
    """``number,status,note,time`` by commas; a place left empty: the template has no such field."""
    if not told:
        return TemplateFields()
    names = [name.strip() for name in told.split(",")]
    if len(names) != 4:
        raise ValueError("TOUSU_WECHAT_TEMPLATE_FIELDS takes four names by commas: number,status,note,time")
    return TemplateFields(number=names[0], status=names[1], note=names[2], time=names[3])
