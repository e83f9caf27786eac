"""How words reach a person: read in a chat, on a page of ours, heard on a line, or printed and posted."""

from __future__ import annotations

from enum import StrEnum


class Medium(StrEnum):
    SCREEN = "screen"
    PAGE = "page"
    EAR = "ear"
    PAPER = "paper"


_OF = {"phone": Medium.EAR, "letter": Medium.PAPER, "web": Medium.PAGE, "counter": Medium.PAGE}


def medium_of(channel: str) -> Medium:
    """What a channel's answers are for; a screen, unless we know better."""
    return _OF.get(channel, Medium.SCREEN)
