"""Everybody's far side: the simulators, and what an operator would set for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from channels.email.simulator import MailSimulator
from channels.letter.simulator.office import PostOffice
from channels.phone.simulator import PhoneSimulator
from channels.wechat.simulator import WeChatSimulator
from gateway.clock import SystemClock

PATIENCE = 6.0  # seconds in which the carrier waits for an answer: less than in earnest, so that the test goes on


@dataclass(frozen=True, kw_only=True, slots=True)
class Providers:
    wechat: WeChatSimulator
    mail: MailSimulator
    carrier: PhoneSimulator
    post: PostOffice

    def settings(self) -> dict[str, str]:
        return {
            **settings_of(self.wechat, self.mail),
            **{f"TOUSU_{name.upper()}": value for name, value in self.carrier.settings().items()},
            "TOUSU_LETTER_IN": str(self.post.incoming),
            "TOUSU_LETTER_OUT": str(self.post.outgoing),
            "TOUSU_LETTER_STABLE_SECONDS": "0",
            "TOUSU_LETTER_RESCAN_SECONDS": "0.3",
            "TOUSU_EMAIL_POLL_SECONDS": "2",
        }

    def reach(self, url: str) -> None:
        """Where the gateway is."""
        self.wechat.webhook_url = f"{url}/in/wechat"
        self.carrier.public_url = url
        self.carrier.voice_url, self.carrier.status_url = "/in/phone/call", "/in/phone/status"


@asynccontextmanager
async def providers(folder: Path) -> AsyncIterator[Providers]:
    clock = SystemClock()
    wechat, mail, carrier = WeChatSimulator(clock=clock), MailSimulator(clock=clock), PhoneSimulator(clock=clock)
    carrier.patience = PATIENCE
    await wechat.start()
    await mail.start()
    await carrier.start()
    try:
        yield Providers(
            wechat=wechat, mail=mail, carrier=carrier, post=PostOffice(folder / "scans", folder / "printed")
        )
    finally:
        await wechat.aclose()
        await mail.stop()
        await carrier.aclose()


def settings_of(wechat: WeChatSimulator, mail: MailSimulator) -> dict[str, str]:
    account = wechat.settings()
    return {
        "TOUSU_WECHAT_APP_ID": account.app_id,
        "TOUSU_WECHAT_APP_SECRET": account.app_secret,
        "TOUSU_WECHAT_TOKEN": account.token,
        "TOUSU_WECHAT_AES_KEY": account.aes_key,
        "TOUSU_WECHAT_ACCOUNT_ID": account.account_id,
        "TOUSU_WECHAT_API_URL": account.api_url,
        "TOUSU_WECHAT_TEMPLATE_ID": account.template_id,
        "TOUSU_EMAIL_ADDRESS": "tousu@insurer.example",
        "TOUSU_EMAIL_IMAP_URL": mail.imap_url(),
        "TOUSU_EMAIL_SMTP_URL": mail.smtp_url(),
    }
