"""``wechat-menu``: publish the three buttons under the official account's chat."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from channels.errors import DeliveryError
from channels.wechat.channel import WeChatChannel
from gateway.app import open_gateway
from gateway.operations.logs import configure_logs
from gateway.settings import Settings


def run(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="tousu wechat-menu").parse_args(argv)
    settings = Settings()
    configure_logs(settings.log_level)
    return asyncio.run(_publish(settings))


async def _publish(settings: Settings) -> int:
    async with open_gateway(settings) as gateway:
        channel = gateway.channels.get("wechat")
        if not isinstance(channel, WeChatChannel):
            print("WeChat is off: TOUSU_WECHAT_APP_ID is not set.", file=sys.stderr)
            return 1
        try:
            await channel.publish_menu()
        except DeliveryError as error:
            print(f"WeChat refused: {error}", file=sys.stderr)
            return 1
    print("The menu is published; phones show it within a day, or after following again.")
    return 0
