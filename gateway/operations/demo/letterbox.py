"""The letter box and the tray of the simulated mailroom. All drawing is done in one thread beside the loop."""

from __future__ import annotations

import asyncio
import io
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from channels.letter.simulator import LetterOut, PostOffice, print_of
from gateway.operations.demo.asking import Refusal
from gateway.operations.demo.paper import NO_FONTS, Draft, as_scanned, has_fonts, scan_of

PROCESSING = "processing"  # where the channel keeps what it is reading
DPI = 110  # of a printed page on the screen
SLIP_SCAN = "medium"  # it has been folded and in an envelope twice
UNPLAIN = re.compile(r"[^\w.-]+")
LONGEST_NAME = 60
MOST_DRAWN = 40  # letters whose pictures are kept

Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A scan that is not a letter of the gateway's yet."""

    name: str
    is_read: bool  # just now; else it lies in the folder


class LetterBox:
    """Both folders of the letter channel, from the street."""

    def __init__(self, folder: Path) -> None:
        self._office = PostOffice(folder / "in", folder / "out")
        self._desk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")  # pdfium knows one thread only

    def close(self) -> None:
        self._desk.shutdown(cancel_futures=True)

    # -- people's letters --------------------------------------------------------------------------------------------

    async def write(self, draft: Draft) -> str:
        """Write, scan and drop a letter; the key it will have. Raises Refusal."""
        return await self._draw(lambda: self._put(f"{_stem()}.pdf", as_scanned(draft, _seed(draft.text))))

    async def drop(self, name: str, content: bytes) -> str:
        """A file as it came from somewhere; the key it will have."""
        plain = UNPLAIN.sub("_", Path(name).name)[-LONGEST_NAME:].lstrip("._")
        return await self._work(lambda: self._put(f"{_stem()}_{plain or 'file'}", content))

    async def answer_slip(self, id: str, answers: str) -> str:
        """Fill in the slip of a letter of ours and send it back; the key it will have. Raises Refusal."""
        return await self._draw(lambda: self._answer(id, answers))

    async def waiting(self) -> list[Waiting]:
        """What lies in the folder, and what is being read."""
        return await asyncio.to_thread(self._waiting)

    # -- letters of ours ---------------------------------------------------------------------------------------------

    async def tray(self) -> dict[str, LetterOut]:
        """Every letter that lies printed, by its id."""
        return {letter.id: letter for letter in await asyncio.to_thread(self._office.letters_out)}

    async def pictures(self, letter: LetterOut) -> tuple[bytes, ...]:
        """Its pages as PNG."""
        return await self._work(lambda: _pictures(letter.path, letter.sha256))

    async def text_of(self, letter: LetterOut) -> str:
        return await self._work(lambda: self._office.text_of(letter))

    # -- in the thread -----------------------------------------------------------------------------------------------

    def _put(self, name: str, content: bytes) -> str:
        self._office.drop(content, name=name)
        return sha256(content).hexdigest()

    def _answer(self, id: str, answers: str) -> str:
        letter = next((each for each in self._office.letters_out() if each.id == id), None)
        if letter is None or not letter.slip:
            raise Refusal("that letter has no slip to answer", 404)
        filled = self._office.answer_slip(letter, answers)
        return self._put(f"{_stem()}_slip.pdf", scan_of(filled, SLIP_SCAN, _seed(answers)))

    def _waiting(self) -> list[Waiting]:
        folder = self._office.incoming
        lying = [Waiting(name=file.name, is_read=False) for file in _plain_files(folder)]
        claims = sorted((folder / PROCESSING).glob("*/"))
        return lying + [Waiting(name=file.name, is_read=True) for claim in claims for file in _plain_files(claim)]

    async def _draw(self, work: Callable[[], Made]) -> Made:
        """What needs a typeface."""
        if not has_fonts():
            raise Refusal(NO_FONTS, 409)
        return await self._work(work)

    async def _work(self, work: Callable[[], Made]) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._desk, work)


def _seed(words: str) -> int:
    """The same words scanned in the same way are the same bytes, and are not counted twice."""
    return crc32(words.encode())


def _stem() -> str:
    """No two scans have one name."""
    return f"SCN_{secrets.token_hex(3)}"


def _plain_files(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    except FileNotFoundError:  # put away a moment ago
        return []


@lru_cache(maxsize=MOST_DRAWN)
def _pictures(path: Path, digest: str) -> tuple[bytes, ...]:
    """``digest``: another document of the same name is another letter."""
    pages = []
    for picture in print_of.pictures(path, DPI):
        out = io.BytesIO()
        picture.quantize(64).save(out, "PNG")
        pages.append(out.getvalue())
    return tuple(pages)
