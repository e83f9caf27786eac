"""Is all of a TIFF there? Its directories and the picture data that they point to must lie inside the file."""

from __future__ import annotations

import struct
from typing import BinaryIO

SIGNS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # the last two are BigTIFF
MOST_DIRECTORIES = 10_000  # pages
MOST_STRIPS = 100_000  # of one page
MOST_ENTRIES = 500_000  # of all directories together
OFFSETS, COUNTS = (273, 324), (279, 325)  # of strips and tiles
_FORMS = {3: "H", 4: "I", 16: "Q"}  # SHORT, LONG, LONG8


def is_whole_tiff(file: BinaryIO, size: int) -> bool:
    """A scanner that appends pages writes the link to the next directory last."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head.startswith(b"II") else ">"
    try:
        return _Tiff(file, size, order, big=head[2:4] in (b"+\0", b"\0+")).is_whole(head)
    except struct.error:
        return False


class _Tiff:
    def __init__(self, file: BinaryIO, size: int, order: str, *, big: bool) -> None:
        self._file, self._size, self._order = file, size, order
        self._count, self._word = ("Q", "Q") if big else ("H", "I")
        self._left = MOST_ENTRIES

    def is_whole(self, head: bytes) -> bool:
        at = self._unpack(self._word, head[8:16] if self._word == "Q" else head[4:8])[0]
        seen: set[int] = set()
        while at not in seen and len(seen) < MOST_DIRECTORIES and self._left >= 0:
            seen.add(at)
            if not 0 < at < self._size:
                return False
            at, data_ends = self._directory(at)
            if data_ends > self._size:
                return False
            if at == 0:
                return True
        return True  # a ring, or more than a page needs: not unfinished, and for the reader to judge

    def _directory(self, at: int) -> tuple[int, int]:
        """Where the next one begins (0: there is none), and where the picture data of this one ends."""
        self._file.seek(at)
        count = self._read(self._count)[0]
        entry = struct.calcsize(f"{self._order}HH{self._word}{self._word}")
        if count * entry > self._size:
            raise struct.error("more entries than bytes")
        self._left -= count
        entries = self._file.read(count * entry)
        following = self._read(self._word)[0]
        tags = dict(self._values(entries[start : start + entry]) for start in range(0, len(entries), entry))
        ends = [
            offset + length
            for offsets, counts in zip(OFFSETS, COUNTS, strict=True)
            for offset, length in zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False)
        ]
        return following, max(ends, default=0)

    def _values(self, entry: bytes) -> tuple[int, tuple[int, ...]]:
        """A tag and its numbers, where they tell where data lies."""
        tag, form, count = self._unpack(f"HH{self._word}", entry[: -struct.calcsize(self._word)])
        if tag not in (*OFFSETS, *COUNTS) or form not in _FORMS or count > MOST_STRIPS or self._left < 0:
            return tag, ()
        wanted = f"{count}{_FORMS[form]}"
        own = entry[-struct.calcsize(self._word) :]
        length = struct.calcsize(f"={wanted}")
        if length <= len(own):
            return tag, self._unpack(wanted, own[:length])
        at = self._unpack(self._word, own)[0]
        if at > self._size:  # further than any file system can go, perhaps
            raise struct.error("numbers beyond the end")
        self._left -= count
        self._file.seek(at)
        return tag, self._unpack(wanted, self._file.read(length))

    def _read(self, form: str) -> tuple[int, ...]:
        return self._unpack(form, self._file.read(struct.calcsize(f"={form}")))

    def _unpack(self, form: str, content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"{self._order}{form}", content)
