"""Mailboxes in memory, as an IMAP server keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

_uidvalidities = count(1_700_000_000)


@dataclass(kw_only=True, slots=True)
class Stored:
    uid: int
    raw: bytes
    internaldate: datetime
    flags: set[str] = field(default_factory=set)


class Folder:
    """Mails in the order of their UIDs; watchers are told of every change."""

    def __init__(self) -> None:
        self.uidvalidity = next(_uidvalidities)
        self.uidnext = 1
        self.mails: list[Stored] = []
        self.watchers: set[asyncio.Event] = set()

    def add(self, raw: bytes, internaldate: datetime, flags: Iterable[str] = ()) -> Stored:
        stored = Stored(uid=self.uidnext, raw=raw, internaldate=internaldate, flags=set(flags))
        self.uidnext += 1
        self.mails.append(stored)
        self._tell()
        return stored

    def remove(self, uids: Iterable[int]) -> None:
        gone = set(uids)
        self.mails = [mail for mail in self.mails if mail.uid not in gone]
        self._tell()

    def count_anew(self) -> None:
        """A new UIDVALIDITY and new UIDs, as after a restored backup."""
        self.uidvalidity = next(_uidvalidities)
        for number, mail in enumerate(self.mails, start=1):
            mail.uid = number
        self.uidnext = len(self.mails) + 1

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher.set()


class Account:
    """One user's folders, by their names on the wire (modified UTF-7)."""

    def __init__(self) -> None:
        self.folders: dict[str, Folder] = {"INBOX": Folder()}

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def find(self, name: str) -> Folder | None:
        return self.folders.get("INBOX" if name.upper() == "INBOX" else name)

    def create(self, name: str) -> bool:
        if self.find(name):
            return False
        self.folders[name] = Folder()
        return True
