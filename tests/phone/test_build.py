"""From the environment to a channel, or to the reason why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels import BUILDERS
from channels.base import Fetcher, Line, Means, Off, Probe, Tidier
from channels.phone.build import build, settings_from, tongue
from channels.phone.channel import PhoneChannel
from gateway.settings import Settings
from tests.clock import SetClock
from tests.wechat.fakes import DictMemory

GIVEN = {"phone_account_sid": "AC12", "phone_auth_token": "t", "phone_number": "+85230001234"}


def means(**settings: str) -> Means:
    return Means(settings=settings, memory=DictMemory(), clock=SetClock())


def test_without_an_account_it_is_off() -> None:
    built = build(means(phone_account_sid=""))
    assert isinstance(built, Off)
    assert built.why == "TOUSU_PHONE_ACCOUNT_SID is not set"
    assert BUILDERS["phone"] is build


async def test_with_one_it_is_a_channel_with_every_rare_ability() -> None:
    built = build(means(**GIVEN))
    assert isinstance(built, PhoneChannel)
    assert all(isinstance(built, ability) for ability in (Fetcher, Tidier, Line, Probe))
    await built.aclose()


async def test_the_gateways_own_defaults_are_understood() -> None:
    plain = Settings.model_validate(GIVEN | {"public_url": "https://t.example", "phone_record": False}).for_channels()
    told = settings_from(plain)
    assert (told.public_url, told.org_name, told.record, told.delete_recordings) == (
        "https://t.example",
        "本公司",
        False,
        False,
    )
    assert (told.reach, told.agents, told.ring_seconds, told.least_confidence) == (None, (), 20, 0.4)
    assert settings_from(GIVEN) == settings_from(
        Settings.model_validate(GIVEN | {"org_name": ""}).for_channels() | {"org_name": ""}
    )


def test_every_setting_finds_its_place() -> None:
    told = settings_from(
        GIVEN
        | {
            "phone_auth_token_secondary": "u",
            "phone_api_key": "SK1",
            "phone_api_secret": "s",
            "phone_api_url": "http://127.0.0.1:1",
            "phone_agents": "+85221110001, +85221110002,",
            "phone_ring_seconds": "30",
            "phone_voice": "Google.cmn-TW-Wavenet-A",
            "phone_speech_language": "cmn-Hant-TW",
            "phone_speech_model": "googlev2_telephony",
            "phone_least_confidence": "0.5",
            "phone_delete_recordings": "True",
            "phone_reach": "/etc/reach.toml",
            "phone_sms_template": "{number}",
        }
    )
    assert told.auth_tokens == ("t", "u")
    assert told.login == ("SK1", "s")
    assert told.agents == ("+85221110001", "+85221110002")
    assert (told.ring_seconds, told.least_confidence, told.speech_model) == (30, 0.5, "googlev2_telephony")
    assert (told.chinese.say, told.chinese.hear) == ("cmn-TW", "cmn-Hant-TW")
    assert (told.record, told.delete_recordings) == (True, True)
    assert (told.reach, told.sms_template) == (Path("/etc/reach.toml"), "{number}")


@pytest.mark.parametrize(
    ("voice", "say"),
    [
        ("Polly.Zhiyu-Neural", "cmn-CN"),
        ("Polly.Hiujin-Neural", "yue-CN"),
        ("Google.yue-HK-Standard-A", "yue-HK"),
        ("alice", "cmn-CN"),
    ],
)
def test_a_voice_is_given_the_language_it_speaks(voice: str, say: str) -> None:
    assert tongue(voice, "cmn-CN", "x").say == say


@pytest.mark.parametrize(
    "wrong",
    [{"phone_auth_token": ""}, {"phone_number": "hotline"}, {"phone_agents": "ann"}, {"phone_ring_seconds": "x"}],
)
def test_settings_that_cannot_be_right_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"PHONE|invalid literal"):
        build(means(**(GIVEN | wrong)))
