"""The post: people's letters fall into the folder of scans, and what we print lies in the other to be sent."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from channels.letter.simulator import print_of
from channels.letter.simulator.codes import SLIP, read_qr
from channels.letter.simulator.files import written
from channels.letter.simulator.paper import Page
from channels.letter.simulator.presets import effects_of
from channels.letter.simulator.scanner import scanned
from channels.letter.simulator.slips import filled_in
from channels.letter.simulator.writing import Layout, write_letter

if TYPE_CHECKING:
    from PIL.Image import Image

    from channels.letter.simulator.scanner import Effect

DPI = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterOut:
    """One letter that we printed, as its manifest describes it."""

    id: str
    number: str
    kind: str
    pages: int
    sha256: str
    created_at: datetime
    slip: bool  # a return slip goes with it
    path: Path

    @property
    def intact(self) -> bool:
        """Is the document the one that the manifest was written for?"""
        return sha256(self.path.read_bytes()).hexdigest() == self.sha256


class PostOffice:
    """Both folders of the letter channel from the other side: we look into ``incoming`` and print into ``outgoing``."""

    def __init__(self, incoming: Path, outgoing: Path) -> None:
        self.incoming, self.outgoing = incoming, outgoing
        self._scans = 0
        for folder in (incoming, outgoing):
            folder.mkdir(parents=True, exist_ok=True)

    def post(
        self,
        who: str,
        text: str,
        *,
        slip: Sequence[Page] | None = None,
        enclosures: Sequence[Page] = (),
        effects: str | Sequence[Effect] = "clean",
        layout: Layout | None = None,
        name: str | None = None,
    ) -> Path:
        """A person's letter, scanned: signed by ``who`` unless they did so; without text it is the slip alone.

        Raises NoFonts; ValueError for effects or an ending of ``name`` that there are not.
        """
        words = text if not text or who in text else f"{text}\n\n{who}"
        pages = [*(write_letter(words, layout) if words else ()), *(slip or ()), *enclosures]
        return self.drop(scanned(pages, effects_of(effects), self._scans), name=name)

    def drop(self, content: Sequence[Page] | bytes, *, name: str | None = None) -> Path:
        """A file that appears whole, as a scanner that renames leaves it."""
        target = self.incoming / (name or self._next_name())
        whole = content if isinstance(content, bytes) else written(content, target.name)
        growing = target.with_name(f"{target.name}.tmp")
        growing.write_bytes(whole)
        return growing.rename(target)

    def drop_slowly(
        self, content: Sequence[Page] | bytes, *, name: str | None = None, steps: int = 4
    ) -> Iterator[Path]:
        """A file that grows where it is seen: each ``next`` writes one of its parts, the last makes it whole."""
        target = self.incoming / (name or self._next_name())
        whole = content if isinstance(content, bytes) else written(content, target.name)
        edges = [len(whole) * step // steps for step in range(steps + 1)]
        for begin, end in itertools.pairwise(edges):
            with target.open("ab") as file:
                file.write(whole[begin:end])
            yield target

    def letters_out(self) -> list[LetterOut]:
        """Every letter that lies printed, oldest first; one whose document or manifest is still missing does not."""
        found = [
            _letter(manifest) for manifest in self.outgoing.glob("*.json") if manifest.with_suffix(".pdf").exists()
        ]
        return sorted(found, key=lambda letter: (letter.created_at, letter.id))

    def text_of(self, letter: LetterOut) -> str:
        """What it says, without the address in the window."""
        return print_of.letter_text(letter.path)

    def address_of(self, letter: LetterOut) -> str:
        """What the postman reads through the window."""
        return print_of.window_text(letter.path)

    def slip_code_of(self, letter: LetterOut) -> str:
        """What the code on its return slip says, read from the paper; empty: there is no slip."""
        return next((code for _, code in self._slip_pages(letter)), "")

    def answer_slip(self, letter: LetterOut, answers: str) -> tuple[Page, ...]:
        """The return slip with one answer a line below its questions, and signed. Raises ValueError without a slip."""
        slips = list(self._slip_pages(letter))
        if not slips:
            raise ValueError(f"letter {letter.id} has no return slip")
        first = filled_in(slips[0][0], answers, DPI)
        return (first, *(Page(picture=picture, dpi=(DPI, DPI)) for picture, _ in slips[1:]))

    def _slip_pages(self, letter: LetterOut) -> Iterator[tuple[Image, str]]:
        """The pages with the code of a return slip, and what it says."""
        for picture in print_of.pictures(letter.path, DPI):
            for code in read_qr(picture):
                if code.startswith(SLIP):
                    yield picture, code

    def _next_name(self) -> str:
        """A scanner counts on, and writes over nothing that still lies there."""
        self._scans += 1
        name = f"SCN_{self._scans:04d}.pdf"
        return self._next_name() if (self.incoming / name).exists() else name


def _letter(manifest: Path) -> LetterOut:
    told = json.loads(manifest.read_text(encoding="utf-8"))
    return LetterOut(
        id=told["id"],
        number=told["number"],
        kind=told["kind"],
        pages=told["pages"],
        sha256=told["sha256"],
        created_at=datetime.fromisoformat(told["created_at"]),
        slip=told["slip"],
        path=manifest.with_suffix(".pdf"),
    )
