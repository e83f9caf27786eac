"""The environment, read once. The README lists every setting; a test holds the two together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables ``TOUSU_*``. A channel without its settings is off."""

    model_config = SettingsConfigDict(env_prefix="TOUSU_", env_ignore_empty=True, extra="ignore", frozen=True)

    # The house
    data_dir: Path = Field(
        Path("var"), description="Folder of the embedded database, attachments and the generated key"
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on")
    public_url: str = Field(
        "", description="How customers reach this gateway from outside, e.g. https://tousu.example.cn"
    )
    org_name: str = Field("本公司", description="The insurer's name as customers know it")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Comma-separated base64url keys of 32 bytes, current first; empty: made on first start",
    )
    api_token: SecretStr = Field(SecretStr(""), description="Service token of the REST API; empty: the API is off")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe log line written")

    # Asking and reminding
    remind_after_hours: float = Field(20, gt=0, description="Silence after a question until the first reminder")
    remind_again_hours: float = Field(24, gt=0, description="From the first to the second reminder")
    hand_over_hours: float = Field(24, gt=0, description="From the second reminder until staff take the case as it is")
    answer_days: int = Field(15, ge=1, le=60, description="Days from first receipt within which an answer is due")

    # Progress queries by number and proof
    proof_tries: int = Field(3, ge=1, description="Wrong proofs allowed per person and per number within a day")

    # Paging a person
    page_webhook_url: str = Field("", description="HTTPS address that is called when a person must react at once")
    page_webhook_secret: SecretStr = Field(SecretStr(""), description="Signing secret of that call (Standard Webhooks)")
    page_email: str = Field("", description="Mail address that is written to when a person must react at once")

    # What the insurer already holds
    policy_csv: Path | None = Field(None, description="CSV of policies: policy_number,phone,id_number,name")
    policy_sql_url: str = Field("", description="Database with a table or view of policies")
    policy_sql_table: str = Field("policies", description="Its name; columns as in the CSV")

    # WeChat
    wechat_app_id: str = Field("", description="AppID of the official account; empty: WeChat is off")
    wechat_app_secret: SecretStr = Field(SecretStr(""), description="AppSecret")
    wechat_token: SecretStr = Field(SecretStr(""), description="Token of the message push")
    wechat_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey (43 characters); empty: plain mode")
    wechat_aes_key_previous: SecretStr = Field(SecretStr(""), description="The key before, while it is being rotated")
    wechat_account_id: str = Field("", description="Original id of the account (gh_…)")
    wechat_api_url: str = Field("https://api.weixin.qq.com", description="WeChat's API")
    wechat_template_id: str = Field("", description="Template message for news outside the 48-hour window")
    wechat_template_fields: Annotated[tuple[str, str, str], NoDecode] = Field(
        ("character_string1", "phrase2", "time3"), description="Its fields for number, state and time"
    )
    wechat_subscription_template_id: str = Field(
        "", description="Subscription notice, tried after the template message"
    )
    wechat_timestamp_window: int = Field(600, ge=0, description="Seconds a signed request stays valid; 0: for ever")

    # E-mail
    email_address: str = Field("", description="The complaints mailbox; empty: e-mail is off")
    email_imap_url: SecretStr = Field(SecretStr(""), description="imaps://user:password@host:993/INBOX")
    email_smtp_url: SecretStr = Field(SecretStr(""), description="smtps:// or smtp+starttls://user:password@host:port")
    email_authserv_id: str = Field(
        "", description="Name our own MX signs Authentication-Results with; empty: mx.<domain>"
    )
    email_poll_seconds: int = Field(60, ge=1, description="Longest wait between two sweeps of the mailbox")
    email_verp: bool = Field(False, description="Envelope senders of the form bounce+id@domain (needs an own MTA)")

    @field_validator("wechat_template_fields", mode="before")
    @classmethod
    def split_at_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'tousu.db'}"
