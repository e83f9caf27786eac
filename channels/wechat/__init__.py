"""WeChat official account: messages and menu clicks in, answers and progress out."""

from channels.wechat.build import build
from channels.wechat.channel import WeChatChannel
from channels.wechat.settings import TemplateFields, WeChatSettings

__all__ = ["TemplateFields", "WeChatChannel", "WeChatSettings", "build"]
