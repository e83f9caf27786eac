"""The environment, read once. The README lists every setting; a test holds the two together."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables ``TOUSU_*``. A channel without its settings is off."""

    model_config = SettingsConfigDict(env_prefix="TOUSU_", env_ignore_empty=True, extra="ignore", frozen=True)

    # The house
    data_dir: Path = Field(
        default=Path("var"), description="Folder of the embedded database, attachments and the generated key"
    )
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder")
    spool_dir: Path | None = Field(
        default=None, description="Folder for what arrives while the database is away; empty: spool in the data folder"
    )
    spool_megabytes: int = Field(default=1024, ge=1, description="Most that folder may hold; beyond, providers get 503")
    spool_after_seconds: float = Field(
        default=1.5, gt=0, le=3, description="So long a webhook waits for the database before its item goes to disk"
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on")
    public_url: str = Field(
        default="", description="How customers reach this gateway from outside, e.g. https://tousu.example.cn"
    )
    org_name: str = Field(default="本公司", description="The insurer's name as customers know it")
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Comma-separated base64url keys of 32 bytes, current first; empty: made on first start",
    )
    backup_passphrase: SecretStr = Field(
        default=SecretStr(""), description="Seals the keys in a backup; at least 12 characters, kept elsewhere"
    )
    api_token: SecretStr = Field(
        default=SecretStr(""), description="Service token of the REST API; empty: the API is off"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line written"
    )

    rules: Path | None = Field(default=None, description="Folder of own rules, laid over the shipped ones")

    # Asking and reminding
    remind_after_hours: float = Field(default=20, gt=0, description="Silence after a question until the first reminder")
    remind_again_hours: float = Field(default=24, gt=0, description="From the first to the second reminder")
    hand_over_hours: float = Field(
        default=24, gt=0, description="From the second reminder until staff take the case as it is"
    )
    calendar: Path | None = Field(
        default=None, description="TOML of own days off and extra working days, over China's published calendar"
    )
    emergency_plans: Path | None = Field(default=None, description="TOML laid over the shipped emergency plans")
    retention: Path | None = Field(default=None, description="TOML laid over the shipped periods of keeping")

    # Signing in to the console
    staff_session_hours: float = Field(default=12, gt=0, description="A session ends after so long, however busy")
    staff_idle_minutes: float = Field(default=60, gt=0, description="and after so long without use")
    staff_totp: Literal["off", "optional", "required"] = Field(
        default="optional", description="Second factor of people: off, optional, required"
    )
    trusted_proxies: str = Field(
        default="", description="Networks, by commas, whose X-Forwarded-For is believed; set it behind a reverse proxy"
    )
    oidc_issuer: str = Field(default="", description="OpenID provider for single sign-on, https; empty: none")
    oidc_client_id: str = Field(default="", description="How we are known to it")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Our secret there; empty: PKCE alone")
    oidc_scopes: str = Field(default="openid profile email", description="What we ask it for")
    oidc_login_claim: str = Field(
        default="preferred_username", description="Claim that names our person; with email it must be verified"
    )
    oidc_role_claim: str = Field(default="", description="Claim with our roles; empty: roles are given here only")
    oidc_branch_claim: str = Field(default="", description="Claim with a branch code, or head-office")

    # Other systems that are told of changes
    webhook_networks: str = Field(
        default="",
        description="Networks, by commas, in which endpoints may lie besides the open Internet",
    )

    # Progress queries by number and proof
    proof_tries: int = Field(
        default=3, ge=1, description="Proofs that may be tried per person and per number within a day"
    )

    # Paging a person
    page_webhook_url: str = Field(
        default="", description="HTTPS address that is called when a person must react at once"
    )
    page_webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="Signing secret of that call (Standard Webhooks)"
    )
    page_email: str = Field(default="", description="Mail address that is written to when a person must react at once")

    # What the insurer already holds
    policy_csv: Path | None = Field(default=None, description="CSV of policies: policy_number,phone,id_number,name")
    policy_sql_url: str = Field(default="", description="Database with a table or view of policies")
    policy_sql_table: str = Field(default="policies", description="Its name; columns as in the CSV")

    # A language model that reads along; see docs/model.md
    model_url: str = Field(
        default="", description="OpenAI-compatible endpoint, e.g. https://model.example.cn/v1; empty: no model"
    )
    model_key: SecretStr = Field(default=SecretStr(""), description="Its bearer key")
    model_name: str = Field(default="", description="Which model to ask for")
    model_timeout: float = Field(default=8, gt=0, le=120, description="Seconds until the rules' record stands alone")

    # WeChat
    wechat_app_id: str = Field(default="", description="AppID of the official account; empty: WeChat is off")
    wechat_app_secret: SecretStr = Field(default=SecretStr(""), description="AppSecret")
    wechat_token: SecretStr = Field(default=SecretStr(""), description="Token of the message push")
    wechat_aes_key: SecretStr = Field(
        default=SecretStr(""), description="EncodingAESKey (43 characters); empty: plain mode"
    )
    wechat_aes_key_previous: SecretStr = Field(
        default=SecretStr(""), description="The key before, while it is being rotated"
    )
    wechat_account_id: str = Field(default="", description="Original id of the account (gh_…)")
    wechat_checks: Literal["enforce", "report"] = Field(
        default="enforce", description="report: also what WeChat did not sign is taken, marked and counted; for moving"
    )
    wechat_api_url: str = Field(default="https://api.weixin.qq.com", description="WeChat's API")
    wechat_template_id: str = Field(default="", description="Template message for news outside the 48-hour window")
    wechat_template_fields: str = Field(
        default="character_string1,thing2,thing3,time4",
        description="Its fields for number, state, note and time, by commas",
    )
    wechat_subscription_template_id: str = Field(
        default="", description="Subscription notice, tried after the template message"
    )
    wechat_timestamp_window: int = Field(
        default=600, ge=0, description="Seconds a signed request stays valid; 0: for ever"
    )

    # E-mail
    email_address: str = Field(default="", description="The complaints mailbox; empty: e-mail is off")
    email_imap_url: SecretStr = Field(default=SecretStr(""), description="imaps://user:password@host:993/INBOX")
    email_smtp_url: SecretStr = Field(
        default=SecretStr(""), description="smtps:// or smtp+starttls://user:password@host:port"
    )
    email_authserv_id: str = Field(
        default="", description="Name our own MX signs Authentication-Results with; empty: mx.<domain>"
    )
    email_poll_seconds: int = Field(default=60, ge=1, description="Longest wait between two sweeps of the mailbox")
    email_verp: bool = Field(
        default=False, description="Envelope senders of the form bounce+id@domain (needs an own MTA)"
    )

    # Telephone
    phone_account_sid: str = Field(default="", description="Twilio account (AC…); empty: the telephone is off")
    phone_auth_token: SecretStr = Field(default=SecretStr(""), description="Its auth token; signs what Twilio sends")
    phone_auth_token_secondary: SecretStr = Field(
        default=SecretStr(""), description="The second token, accepted too while it is being rotated"
    )
    phone_api_key: str = Field(default="", description="API key (SK…) for our own requests; empty: account and token")
    phone_api_secret: SecretStr = Field(default=SecretStr(""), description="Its secret")
    phone_number: str = Field(default="", description="The hotline's number, E.164")
    phone_checks: Literal["enforce", "report"] = Field(
        default="enforce", description="report: also what Twilio did not sign is taken, marked and counted; for moving"
    )
    phone_api_url: str = Field(default="https://api.twilio.com", description="Twilio's API")
    phone_agents: str = Field(
        default="", description="Numbers of people who take calls, E.164, by commas; empty: nobody is rung"
    )
    phone_ring_seconds: int = Field(default=20, ge=5, le=120, description="How long they are rung")
    phone_voice: str = Field(default="Polly.Zhiyu-Neural", description="Voice for Chinese")
    phone_voice_en: str = Field(default="Polly.Joanna-Neural", description="Voice for English")
    phone_speech_language: str = Field(default="cmn-Hans-CN", description="Recogniser's language for Chinese")
    phone_speech_language_en: str = Field(default="en-US", description="Recogniser's language for English")
    phone_speech_model: str = Field(default="", description="Recogniser's model; empty: Twilio's choice")
    phone_least_confidence: float = Field(
        default=0.4, ge=0, le=1, description="Below this the recogniser's guess is asked again"
    )
    phone_record: bool = Field(default=True, description="Record calls, unless the caller refuses")
    phone_delete_recordings: bool = Field(
        default=False, description="Delete a recording at Twilio once it is stored here"
    )
    phone_reach: Path | None = Field(
        default=None, description="TOML: which countries this account reaches by sms and voice, over the shipped table"
    )
    phone_sms_template: str = Field(
        default="", description="Approved text for countries that take only templates; {number} and {label} are filled"
    )

    # Letters
    letter_in: Path | None = Field(
        default=None, description="Folder into which the mailroom scans; empty: letters are off"
    )
    letter_out: Path | None = Field(
        default=None, description="Folder for letters to be printed; empty: none can leave by post"
    )
    letter_stable_seconds: float = Field(
        default=5, ge=0, description="How long a scan must stay unchanged before it is taken"
    )
    letter_rescan_seconds: float = Field(
        default=30, gt=0, description="Longest wait between two looks into the folder, whatever it reports"
    )
    letter_threads: int = Field(default=2, ge=1, le=16, description="Threads of the reading process")
    letter_return_address: str = Field(default="", description="Our postal address, for letterhead and return slip")
    letter_phone: str = Field(default="", description="Complaints telephone, as printed on letters")
    letter_signatory: str = Field(default="消费者权益保护部", description="Department that signs our letters")

    # Website and counter
    web: bool = Field(default=True, description="Complaints on the website, /complain, and by the insurer's app")
    counter: bool = Field(default=True, description="Visitors are registered at /console/counter")

    # Recordings into text
    speech_url: str = Field(
        default="", description="OpenAI-compatible endpoint, e.g. https://speech.example.cn/v1; empty: people listen"
    )
    speech_key: SecretStr = Field(default=SecretStr(""), description="Its bearer key")
    speech_model: str = Field(default="", description="Which model to ask for")
    speech_timeout: float = Field(default=60, gt=0, le=600, description="Seconds one recording may take")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'tousu.db'}"

    def for_channels(self) -> dict[str, str]:
        """Everything as plain text, for the channels to pick their own from; secrets in clear, so never log it."""
        return {name: _plain(value) for name, value in self}


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)
