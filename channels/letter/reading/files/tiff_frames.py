"""The skeleton of a TIFF: its pages as they lie in the file, to count them and to copy them untouched."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from channels.letter.reading.files.causes import CORRUPT, CUT_SHORT, Unopened

SUBFILE, COMPRESSION, DATE = 254, 259, 306
_OFFSETS, _COUNTS = (273, 324), (279, 325)  # strips, tiles
_POINTERS = frozenset({330, 34665, 34853, 40965})  # lead to directories that are not copied: thumbnails, EXIF
_THUMBNAIL, _MASK = 1, 4
OLD_JPEG = 6
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_LONG = 4
_MOST_TAGS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """One entry of a directory, its values in the byte order of the file."""

    number: int
    kind: int
    count: int
    data: memoryview


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One page: what is said of it, and its strips or tiles as they were compressed; none: it cannot be read.

    ``place`` is counted from 0, thumbnails included.
    """

    place: int
    order: str  # < or >
    tags: tuple[Tag, ...] = ()
    offsets: int = 0  # number of the tag that tells where the strips are
    strips: tuple[memoryview, ...] = ()

    def value(self, number: int, default: int) -> int:
        return next((values(tag, self.order)[0] for tag in self.tags if tag.number == number and tag.count), default)

    @property
    def is_page(self) -> bool:
        return not self.value(SUBFILE, 0) & (_THUMBNAIL | _MASK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frames:
    """The pages; not ``whole``: the file ends before all of them are there."""

    pages: tuple[Frame, ...]
    whole: bool


def frames(content: bytes, most: int) -> Frames:
    """The pages of a TIFF, ``most`` and some at most. Raises Unopened when not one of them is there."""
    walk = _Walk(content)
    found = [walk.frame(place, at) for place, at in enumerate(walk.directories(most))]
    if not any(frame.strips for frame in found):
        raise Unopened(CORRUPT if walk.whole else CUT_SHORT)
    return Frames(pages=tuple(frame for frame in found if frame.is_page) or tuple(found), whole=walk.whole)


def values(tag: Tag, order: str) -> tuple[int, ...]:
    """The whole numbers of an entry. Raises ValueError when it holds none."""
    if tag.kind not in _NUMBERS:
        raise ValueError("not a number")
    return struct.unpack(f"{order}{tag.count}{_NUMBERS[tag.kind]}", tag.data)


class _Walk:
    """Walks the directories of classic and of big TIFF, and notices when they lead beyond the end of the file."""

    def __init__(self, content: bytes) -> None:
        self.content = memoryview(content)
        self.order = "<" if content[:2] == b"II" else ">"
        self.big = content[2:4] in (b"+\0", b"\0+")
        self.word = "Q" if self.big else "I"
        self.whole = True
        self.left = 2 * len(content) + _MOST_TAGS  # to be handed out: pages that share their bytes would swell

    def directories(self, most: int) -> list[int]:
        """Where the directories lie; a chain that bites its tail ends there."""
        found: list[int] = []
        try:
            at = self._number(self.word, 8 if self.big else 4)
            while at and at not in found and len(found) <= 2 * most:  # each page may have a thumbnail
                found.append(at)
                at = self._number(self.word, self._entries(at)[-1])
        except (struct.error, IndexError):
            self.whole = False
        except ValueError:
            pass  # the chain breaks off in nonsense; the frame there will be unreadable
        return found

    def frame(self, place: int, at: int) -> Frame:
        try:
            return self._frame(place, at)
        except (struct.error, IndexError):
            self.whole = False
        except ValueError:
            pass
        return Frame(place=place, order=self.order)

    def _frame(self, place: int, at: int) -> Frame:
        *entries, _ = self._entries(at)
        tags = [tag for tag in map(self._tag, entries) if tag]
        offsets, strips = self._strips({tag.number: tag for tag in tags})
        kept = tuple(tag for tag in tags if tag.number not in {*_POINTERS, *_OFFSETS, *_COUNTS})
        return Frame(place=place, order=self.order, tags=kept, offsets=offsets, strips=strips)

    def _entries(self, at: int) -> list[int]:
        """Where each entry of the directory begins, and last where the next directory's place is written."""
        count, head, size = (self._number("Q", at), 8, 20) if self.big else (self._number("H", at), 2, 12)
        if count > _MOST_TAGS:
            raise ValueError("too many entries")
        return [at + head + size * entry for entry in range(count + 1)]

    def _tag(self, at: int) -> Tag | None:
        number, kind = self._number("H", at), self._number("H", at + 2)
        count = self._number(self.word, at + 4)
        size, room, place = count * _SIZES.get(kind, 0), (8 if self.big else 4), at + (12 if self.big else 8)
        if not size:
            return None
        start = place if size <= room else self._number(self.word, place)
        return Tag(number=number, kind=kind, count=count, data=self._bytes(start, size))

    def _strips(self, tags: dict[int, Tag]) -> tuple[int, tuple[memoryview, ...]]:
        for offsets, counts in zip(_OFFSETS, _COUNTS, strict=True):
            if offsets in tags:
                places = values(tags[offsets], self.order)
                sizes = values(tags[counts], self.order) if counts in tags else self._guessed(places)
                return offsets, self._cut_out(places, sizes)
        raise ValueError("a page without a picture")

    def _guessed(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """Old writers of a single strip leave its length out: it ends where the file does."""
        if len(places) != 1 or places[0] >= len(self.content):
            raise ValueError("strips without lengths")
        return (len(self.content) - places[0],)

    def _cut_out(self, places: tuple[int, ...], sizes: tuple[int, ...]) -> tuple[memoryview, ...]:
        return tuple(self._bytes(place, size) for place, size in zip(places, sizes, strict=True))

    def _number(self, kind: str, at: int) -> int:
        number: int = struct.unpack_from(self.order + kind, self.content, at)[0]
        return number

    def _bytes(self, start: int, size: int) -> memoryview:
        if start + size > len(self.content):
            raise IndexError("beyond the end of the file")
        self.left -= size
        if self.left < 0:
            raise ValueError("the same bytes again and again")
        return self.content[start : start + size]


def written(pages: Sequence[Frame]) -> bytes:
    """A classic TIFF of these pages, their strips copied byte for byte; all of one byte order."""
    order = pages[0].order
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + b"\0\0\0\0")
    link = 4
    for page in pages:
        at = _aligned(out, page.strips)
        directory = len(out)
        struct.pack_into(f"{order}I", out, link, directory)
        link = _put_directory(out, order, sorted([*page.tags, *_places(page, at)], key=lambda tag: tag.number))
    return bytes(out)


def _aligned(out: bytearray, strips: Sequence[memoryview]) -> tuple[int, ...]:
    places = []
    for strip in strips:
        places.append(len(out))
        out += strip
    out += b"\0" * (len(out) % 2)
    return tuple(places)


def _places(page: Frame, places: tuple[int, ...]) -> tuple[Tag, Tag]:
    counts = _COUNTS[_OFFSETS.index(page.offsets)]
    sizes = tuple(len(strip) for strip in page.strips)
    return _longs(page.offsets, places, page.order), _longs(counts, sizes, page.order)


def _longs(number: int, numbers: tuple[int, ...], order: str) -> Tag:
    data = struct.pack(f"{order}{len(numbers)}I", *numbers)
    return Tag(number=number, kind=_LONG, count=len(numbers), data=memoryview(data))


def _put_directory(out: bytearray, order: str, tags: Sequence[Tag]) -> int:
    """Append a directory and the values that do not fit into it; returns where the place of the next is written."""
    spill = len(out) + 2 + 12 * len(tags) + 4
    body, behind = bytearray(struct.pack(f"{order}H", len(tags))), bytearray()
    for tag in (_classic(tag, order) for tag in tags):
        body += struct.pack(f"{order}HHI", tag.number, tag.kind, tag.count)
        if len(tag.data) <= 4:
            body += bytes(tag.data).ljust(4, b"\0")
        else:
            body += struct.pack(f"{order}I", spill + len(behind))
            behind += tag.data
            behind += b"\0" * (len(tag.data) % 2)
    link = len(out) + len(body)
    out += body + b"\0\0\0\0" + behind
    return link


def _classic(tag: Tag, order: str) -> Tag:
    """An entry of a big TIFF with numbers as a classic one can hold."""
    return _longs(tag.number, values(tag, order), order) if tag.kind in (16, 18) else tag
