"""Why a letter cannot be printed."""

from __future__ import annotations


class Unprintable(Exception):
    """This letter will never make a page that may be posted; ``code`` says why, without a word of the letter."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(f"{code} {part}".strip())
        self.code = code
        self.part = part
