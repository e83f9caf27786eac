"""What the real platform does now so, now otherwise; a test sets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(kw_only=True)
class Habits:
    """The defaults are a good day."""

    progress: Sequence[str] = ("completed",)  # news of a call to our number, in the order told; () is lost
    partials: Literal["in order", "out of order", "late", "lost"] = "in order"
    recording_news: Literal["after", "before", "twice", "at the end", "lost"] = "after"  # …the action of <Record>
    recordings_absent: bool = False  # every recording turns out to be missing
    ready_after: timedelta = timedelta(0)  # a recording's file is there so long after its end
    silence_is_kept: bool = False  # <Record> of nothing calls its action; else the document goes on
    sms_news: Sequence[str] = ("sent", "delivered")  # in the order told; the last final one stays
    undeliverable: dict[str, int] = field(default_factory=dict)  # number: ErrorCode
    no_calls_to: Sequence[str] = ("+86",)  # geo permissions
    no_sms_to: Sequence[str] = ()
    landlines: set[str] = field(default_factory=set)  # beside those that a number's form shows
    opted_out: set[str] = field(default_factory=set)
    sms_templates: list[str] = field(default_factory=list)  # approved for +86: "投诉{number}：{status}"
