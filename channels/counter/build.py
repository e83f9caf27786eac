"""From the environment to the channel, or the reason why it is off."""

from __future__ import annotations

from channels.base import Means, Off
from channels.counter.channel import CounterChannel


def build(means: Means) -> CounterChannel | Off:
    """On, unless somebody turned it off."""
    if means.settings.get("counter", "True") != "True":
        return Off("TOUSU_COUNTER is off")
    return CounterChannel()
