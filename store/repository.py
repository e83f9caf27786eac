"""What all repositories stand on: the unit's line and the keys."""

from __future__ import annotations

from normalizer.record import Contact
from store.crypto import Keyring
from store.line import Line


class Repository:
    """One kind of thing that we remember, within one unit."""

    __slots__ = ("_keys", "_line")

    def __init__(self, line: Line, keys: Keyring) -> None:
        self._line = line
        self._keys = keys

    def _who(self, contact: Contact) -> str | None:
        """The blind index of an address; nobody has none."""
        return self._keys.index(contact.kind.value, contact.value) if contact else None
