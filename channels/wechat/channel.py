"""The WeChat official account as a channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from channels.base import Clock, Inbox, Item, Memory, Outbound, Receipt, Route
from channels.errors import Unreadable
from channels.origin import facts_of
from channels.wechat.client import Api
from channels.wechat.health import Health
from channels.wechat.keys import is_unproven, unproven
from channels.wechat.markup import Malformed, read_fields
from channels.wechat.media import Media
from channels.wechat.menu import menu
from channels.wechat.parse import CHANNEL, understand
from channels.wechat.quota import Quota
from channels.wechat.send import Sender
from channels.wechat.settings import WeChatSettings
from channels.wechat.transport import SessionFactory
from channels.wechat.webhook import Pace, Webhook
from normalizer.record import Attachment, Submission


class WeChatChannel:
    """Hears by webhook, answers on the open line or by customer service, templates and notices."""

    name = CHANNEL

    def __init__(
        self,
        *,
        settings: WeChatSettings,
        memory: Memory,
        clock: Clock,
        session_factory: SessionFactory | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.pace = pace
        self.health = Health()
        self.api = Api(
            settings=settings, memory=memory, clock=clock, health=self.health, session_factory=session_factory
        )
        quota = Quota(memory=memory, clock=clock, reserve=settings.reserve)
        self.sender = Sender(settings=settings, api=self.api, quota=quota, memory=memory)
        self.media = Media(self.api)
        self.webhooks: list[Webhook] = []

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        """GET and POST /in/wechat."""
        webhook = Webhook(settings=self.settings, inbox=inbox, clock=self.clock, health=self.health, pace=self.pace)
        self.webhooks.append(webhook)
        return webhook.routes()

    async def listen(self, inbox: Inbox) -> None:
        """WeChat calls us; there is nothing to fetch."""

    async def read(self, item: Item) -> Submission:
        """What a kept item (the XML inside the seal) says. Raises Unreadable."""
        try:
            fields = read_fields(item.raw)
            submission = understand(fields, raw=item.raw, key=item.key, received_at=item.received_at)
            return unproven(submission) if is_unproven(item.key) else submission
        except Malformed as error:
            raise Unreadable(str(error)) from error

    async def send(self, outbound: Outbound) -> Receipt:
        """One delivery attempt; raises a DeliveryError.

        Reads ``last_heard_at`` and ``last_gesture_at`` (ISO 8601) from the context: they open WeChat's windows.
        """
        return await self.sender.send(outbound)

    async def fetch(self, attachment: Attachment) -> Attachment:
        """The attachment with its content and true type. Raises Retryable, or Rejected when it is gone for good."""
        return await self.media.fetch(attachment)

    async def publish_menu(self) -> None:
        """Put our three buttons under the chat; raises a DeliveryError."""
        await self.api.create_menu(menu())

    def state(self) -> Mapping[str, str]:
        """Counts since the start, and ``problem`` while something of ours must be mended."""
        return {**self.health.state(), **facts_of(self.settings.checks)}

    async def aclose(self) -> None:
        for webhook in self.webhooks:
            await webhook.aclose()
        await self.api.aclose()
