"""What all repositories stand on: the unit's line and the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from normalizer.record import Contact
from store.crypto import Keyring
from store.errors import StoreError
from store.line import AnyRow, Line

NEWEST = 2**62  # an id beyond all: the first page of a list that begins with the newest

Read = TypeVar("Read")
Left = TypeVar("Left")


def sift(
    rows: Iterable[AnyRow], read: Callable[[AnyRow], Read], leave: Callable[[AnyRow], Left]
) -> tuple[list[Read], list[Left]]:
    """Rows as values, and apart from them those that do not open: one damaged row must not stop all others."""
    good: list[Read] = []
    bad: list[Left] = []
    for row in rows:
        try:
            good.append(read(row))
        except (StoreError, ValueError, KeyError, TypeError):
            bad.append(leave(row))
    return good, bad


class Repository:
    """One kind of thing that we remember, within one unit."""

    __slots__ = ("_keys", "_line")

    def __init__(self, line: Line, keys: Keyring) -> None:
        self._line = line
        self._keys = keys

    def _who(self, contact: Contact) -> str | None:
        """The blind index of an address; nobody has none."""
        return self._keys.index(contact.kind.value, contact.value) if contact else None

    def _of_talk(self, talk: str) -> str:
        """The blind index of a talk, which is never that of an address: no kind of contact is named so."""
        return self._keys.index("talk", talk)
