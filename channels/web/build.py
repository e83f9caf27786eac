"""From the environment to the channel, or the reason why it is off."""

from __future__ import annotations

from channels.base import Means, Off
from channels.web.channel import WebChannel


def build(means: Means) -> WebChannel | Off:
    """On, unless somebody turned it off."""
    if means.settings.get("web", "True") != "True":
        return Off("TOUSU_WEB is off")
    return WebChannel()
