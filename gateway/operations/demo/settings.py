"""The gateway's settings in the demo: made here, with keys of the day, and blind to the environment."""

from __future__ import annotations

import secrets
from base64 import b64encode
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from channels.email.simulator import MailSimulator
from channels.phone.simulator import PhoneSimulator
from channels.wechat.simulator import WeChatSimulator
from gateway.operations.demo.cast import AGENT, DUTY_ADDRESS, ORG_NAME
from gateway.settings import Settings
from store.secret_file import load_or_create_secret

MAILBOX = "tousu"
LETTERS = "letters"  # in the demo's folder: in, where the mailroom scans to, and out, what it is to post
POLICIES = Path(__file__).parent / "policies.csv"


class DemoSettings(Settings):
    """A machine may have TOUSU_* set for the real thing: the demo must not touch that database or mailbox."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def demo_settings(
    folder: Path, url: str, *, wechat: WeChatSimulator, mail: MailSimulator, phone: PhoneSimulator
) -> Settings:
    """What an operator would set to join the gateway, which is to be found at ``url``, to these providers."""
    folder.mkdir(parents=True, exist_ok=True)
    secret, _ = load_or_create_secret(folder)
    account = wechat.settings()
    line = phone.settings()
    return DemoSettings(
        data_dir=folder,
        public_url=url,
        org_name=ORG_NAME,
        secret_key=SecretStr(secret),
        api_token=SecretStr(secrets.token_urlsafe(24)),
        log_level="warning",
        page_email=DUTY_ADDRESS,
        webhook_networks="127.0.0.0/8,::1/128",
        policy_csv=POLICIES,
        wechat_app_id=account.app_id,
        wechat_app_secret=SecretStr(account.app_secret),
        wechat_token=SecretStr(account.token),
        wechat_aes_key=SecretStr(account.aes_key),
        wechat_account_id=account.account_id,
        wechat_api_url=account.api_url,
        wechat_template_id=account.template_id,
        wechat_subscription_template_id=account.subscription_template_id,
        email_address=f"{MAILBOX}@{mail.domain}",
        email_imap_url=SecretStr(mail.imap_url(MAILBOX)),
        email_smtp_url=SecretStr(mail.smtp_url(MAILBOX)),
        email_poll_seconds=5,
        phone_account_sid=line["phone_account_sid"],
        phone_auth_token=SecretStr(line["phone_auth_token"]),
        phone_number=line["phone_number"],
        phone_api_url=line["phone_api_url"],
        phone_agents=AGENT,
        **_letters(folder),
    )


def _letters(folder: Path) -> dict[str, Any]:
    """A mailroom that does not let one wait."""
    return {
        "letter_in": folder / LETTERS / "in",
        "letter_out": folder / LETTERS / "out",
        "letter_stable_seconds": 0.3,
        "letter_rescan_seconds": 2.0,
        "letter_return_address": "200120 上海市浦东新区示例大道100号",
        "letter_phone": "400-000-0000",
    }


def new_aes_key() -> str:
    """An EncodingAESKey: 32 random bytes in base64, without the last sign."""
    return b64encode(secrets.token_bytes(32)).decode()[:43]
