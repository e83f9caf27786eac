"""A mailroom: a folder on a real disk, a clerk who reads, a desk that keeps, and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from channels.base import Inbox
from channels.letter.channel import LetterChannel
from channels.letter.folder import Folder
from channels.letter.handover import Handover
from channels.letter.limits import Limits
from channels.letter.sending import LetterSender
from channels.letter.settings import LetterSettings
from channels.letter.slips import Slips
from channels.letter.watching import Watch
from tests.clock import SetClock
from tests.letter.mailroom import Desk, Drawer, EnoughTurns, HandPress, PaperClerk, Shelf, Turns


@dataclass
class Room:
    """What a test holds in its hands; ``works`` lets a gateway start, look into the folder, and stop."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    clerk: PaperClerk = field(default_factory=PaperClerk)
    desk: Desk = field(default_factory=Desk)
    drawer: Drawer = field(default_factory=Drawer)
    press: HandPress = field(default_factory=HandPress)
    shelf: Shelf | None = field(default_factory=Shelf)
    limits: Limits = field(default_factory=Limits)
    waits: list[float] = field(default_factory=list)
    opened: list[LetterChannel] = field(default_factory=list)

    def channel(self, turns: int = 50) -> LetterChannel:
        slips = Slips(self.drawer)
        channel = LetterChannel(
            LetterSettings(folder=self.folder, out=self.folder.parent / "out"),
            reader=self.clerk,
            slips=slips,
            sender=LetterSender(self.press, self.shelf, slips),
            clock=self.clock,
            limits=self.limits,
            hints=lambda folder: Turns(self.clock, turns, self.waits),
        )
        self.opened.append(channel)
        return channel

    def watch(self) -> Watch:
        """The watch of one more gateway, to be let look by hand."""
        channel = self.channel()
        channel.routes(self.desk)
        handover = Handover(self.desk, channel)
        folder = Folder(self.folder, 5, handover=handover, clock=self.clock, limits=self.limits)
        return Watch(self.folder, folder, Turns(self.clock), rescan=30, limits=self.limits)

    async def works(self, turns: int = 4, inbox: Inbox | None = None) -> LetterChannel:
        """So many looks into the folder; what it had in hand is done, and it has stopped."""
        self.waits.clear()
        channel = self.channel(turns)
        channel.routes(inbox or self.desk)
        with pytest.raises(EnoughTurns):
            await channel.listen(inbox or self.desk)
        await channel.settled()
        return channel

    def scan(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def note(self, name: str, **facts: object) -> Path:
        return self.scan(name, json.dumps(facts).encode())

    def there(self, under: str = "") -> list[str]:
        """Every file, by its path from there; what is not ours to see is left out."""
        root = self.folder / under
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())

    def why(self) -> list[str]:
        return [path.read_text("utf-8") for path in sorted((self.folder / "quarantine").rglob("*.why.txt"))]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    opened = Room(tmp_path / "in")
    opened.folder.mkdir()
    yield opened
    for channel in opened.opened:
        await channel.aclose()
