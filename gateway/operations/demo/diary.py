"""What the simulated providers forget when they stop, kept in the demo's folder: chats, letters, calls, the hour."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels.wechat.simulator import Line, WeChatSimulator
from gateway.operations.demo.cast import CALLERS, FOLLOWERS, WRITERS, Player, newcomer
from gateway.operations.demo.post import Letter, read
from gateway.operations.demo.talks import Text, Turn, pack_text, pack_turn, unpack_text, unpack_turn

FILE = "sandbox.json"
MOST_LINES = 300  # of one chat, or letters of one mailbox


@dataclass(kw_only=True, slots=True)
class Diary:
    """The demo's own memory; everything that counts lies in the gateway's store."""

    ahead: timedelta = timedelta(0)
    followers: list[Player] = field(default_factory=lambda: list(FOLLOWERS))
    chats: dict[str, list[Line]] = field(default_factory=dict)
    letters: dict[str, list[Letter]] = field(default_factory=lambda: {player.address: [] for player in WRITERS})
    talks: dict[str, list[Turn]] = field(default_factory=lambda: {player.address: [] for player in CALLERS})
    texts: dict[str, list[Text]] = field(default_factory=lambda: {player.address: [] for player in CALLERS})

    def welcome(self) -> Player:
        """Somebody new follows the account."""
        player = newcomer(len(self.followers) - len(FOLLOWERS) + 1)
        self.followers.append(player)
        return player

    def restore(self, wechat: WeChatSimulator) -> None:
        """Put the chats back before their owners' eyes."""
        for player in self.followers:
            wechat.person(player.address).chat.extend(self.chats.get(player.address, ()))


def load(folder: Path) -> Diary:
    """The diary of the last run; an empty one when there is none, or when it cannot be read."""
    try:
        packed = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return _unpacked(packed)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Diary()


def save(folder: Path, diary: Diary, wechat: WeChatSimulator) -> None:
    """Written aside and moved into place."""
    packed = {
        "ahead": diary.ahead.total_seconds(),
        "followers": [{"name": player.name, "address": player.address} for player in diary.followers],
        "chats": {player.address: _lines(wechat.chat_of(player.address)) for player in diary.followers},
        "letters": {address: _letters(letters) for address, letters in diary.letters.items()},
        "talks": {number: [pack_turn(turn) for turn in talk[-MOST_LINES:]] for number, talk in diary.talks.items()},
        "texts": {number: [pack_text(text) for text in texts[-MOST_LINES:]] for number, texts in diary.texts.items()},
    }
    draft = folder / f"{FILE}.new"
    draft.write_text(json.dumps(packed, ensure_ascii=False), encoding="utf-8")
    os.replace(draft, folder / FILE)


def _lines(chat: list[Line]) -> list[dict[str, Any]]:
    return [
        {"at": line.at.isoformat(), "by": line.by, "text": line.text, "link": line.link, "fields": dict(line.fields)}
        for line in chat[-MOST_LINES:]
    ]


def _letters(letters: list[Letter]) -> list[dict[str, Any]]:
    return [{"sent": letter.sent, "raw": b64encode(letter.raw).decode()} for letter in letters[-MOST_LINES:]]


def _unpacked(packed: dict[str, Any]) -> Diary:
    diary = Diary(
        ahead=timedelta(seconds=max(0.0, float(packed["ahead"]))),
        followers=[Player(name=each["name"], address=each["address"]) for each in packed["followers"]],
    )
    for address, chat in packed["chats"].items():
        diary.chats[address] = [Line(**{**line, "at": datetime.fromisoformat(line["at"])}) for line in chat]
    for address, letters in packed["letters"].items():
        diary.letters[address] = [read(b64decode(each["raw"]), sent=bool(each["sent"])) for each in letters]
    for number, talk in packed.get("talks", {}).items():  # a demo of before the telephone has none
        diary.talks[number] = [unpack_turn(turn) for turn in talk]
    for number, texts in packed.get("texts", {}).items():
        diary.texts[number] = [unpack_text(text) for text in texts]
    return diary
