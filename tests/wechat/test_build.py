"""From the environment to a channel, or to the reason why there is none."""

from __future__ import annotations

import pytest

from channels.base import Means, Off
from channels.wechat.build import build, settings_from, template_fields
from channels.wechat.channel import WeChatChannel
from channels.wechat.settings import TemplateFields
from tests.clock import SetClock
from tests.wechat.fakes import DictMemory

GIVEN = {"wechat_app_id": "wx1", "wechat_app_secret": "s", "wechat_token": "t", "wechat_aes_key": "A" * 43}


def test_without_an_app_id_it_is_off() -> None:
    built = build(Means(settings={"wechat_app_id": ""}, memory=DictMemory(), clock=SetClock()))
    assert isinstance(built, Off)
    assert "TOUSU_WECHAT_APP_ID" in built.why


async def test_with_one_it_is_a_channel() -> None:
    built = build(Means(settings=GIVEN, memory=DictMemory(), clock=SetClock()))
    assert isinstance(built, WeChatChannel)
    await built.aclose()


def test_every_setting_finds_its_place() -> None:
    told = settings_from(
        GIVEN
        | {
            "wechat_aes_key_previous": "B" * 42 + "A",
            "wechat_account_id": "gh_1",
            "wechat_api_url": "http://127.0.0.1:1",
            "wechat_template_id": "T",
            "wechat_template_fields": "character_string9, phrase2,,time3",
            "wechat_subscription_template_id": "S",
            "wechat_timestamp_window": "0",
        }
    )
    assert told.mode == "safe"
    assert len(told.aes_keys) == 2
    assert told.template_fields == TemplateFields(number="character_string9", status="phrase2", note="", time="time3")
    assert told.subscription_fields == told.template_fields
    assert told.timestamp_window == 0
    assert told.api_url == "http://127.0.0.1:1"


def test_field_names_that_cannot_be_right_are_refused() -> None:
    with pytest.raises(ValueError, match="four names"):
        template_fields("thing1,thing2")
