"""Who writes mails and letters: they wait at their source until somebody fetches them."""

from __future__ import annotations

import hashlib

from tests.chaos.people.around import Around, story_of
from tests.letter.mailroom import scan

MAIL = (
    "From: Chen <c{n}@qq.example>\r\nTo: tousu@insurer.example\r\nSubject: =?utf-8?b?5oqV6K+J?=\r\n"
    "Message-ID: <m{n}@qq.example>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n{story}\r\n"
)
ADDRESS = "地址：上海市浦东新区世纪大道{n}号，电话13812345678，"


class Mailing:
    channel = "email"

    def __init__(self, around: Around) -> None:
        self._around = around

    async def come(self, n: int) -> None:
        """The MX of every fifth sender delivers twice, as one does whose own answer was lost."""
        raw = MAIL.format(n=n, story=story_of(self.channel, n)).encode()
        for _ in range(2 if n % 5 == 4 else 1):
            self._around.mail.deliver(raw)

    def heard(self, n: int) -> bool:
        return bool(self._around.mail.inbox_of(f"c{n}@qq.example"))

    def acknowledged(self) -> set[str]:
        return set()


class Posting:
    channel = "letter"

    def __init__(self, around: Around) -> None:
        self._around = around
        self._keys: set[str] = set()

    async def come(self, n: int) -> None:
        """Their letter falls out of the scanner."""
        content = scan(f"letter {story_of(self.channel, n, ADDRESS.format(n=n))}")
        self._around.post.drop(content, name=_name(n))
        self._keys.add(hashlib.sha256(content).hexdigest())

    def heard(self, n: int) -> bool:
        """Their letter is put away: they are answered once somebody of ours has compared what was read with it."""
        return any(self._around.post.incoming.glob(f"processed/*/{_name(n)}"))

    def acknowledged(self) -> set[str]:
        return self._keys


def _name(n: int) -> str:
    return f"SCN_{n:05d}.pdf"
