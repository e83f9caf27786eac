"""The printing process: letters come in as JSON, PDFs go out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from channels.letter.printing.faults import Unprintable
from channels.letter.printing.fonts import NoFonts
from channels.letter.printing.render import Renderer
from channels.letter.printing.values import Ask, Letterhead, PrintedLetter, ReplyLetter, from_fields
from channels.processes.serving import Handler, Piece, serve

Render = Callable[[ReplyLetter], PrintedLetter]

_SPECIMEN = ReplyLetter(
    id="specimen",
    number="TS00010100000X",
    kind="receipt",
    name="样张",
    address="100000 样张路1号",
    paragraphs=("样张。",),
    asks=(Ask(name="specimen", text="样张"),),
    slip="TOUSU:SLIP:SPECIMEN",
    written_on=date(2000, 1, 1),
)


def main() -> None:
    """Serve until standard input ends."""
    serve(open_handler)


def open_handler(settings: Mapping[str, Any]) -> Handler:
    """Find the fonts once. Where there are none, each letter is told so: somebody may be installing them."""
    render = _renderer(Letterhead(**settings["letterhead"]))
    return lambda _, written: iter([_answer(render, from_fields(json.loads(written)))])


def _renderer(head: Letterhead) -> Render:
    """One that has printed before: the first letter takes ten times as long as the second."""
    try:
        render = Renderer(head).render
        with suppress(Unprintable):  # if it is the letterhead, each letter will say so
            render(_SPECIMEN)
    except NoFonts as error:
        return _without_fonts(str(error))
    return render


def _without_fonts(why: str) -> Render:
    def refuse(letter: ReplyLetter) -> PrintedLetter:
        raise NoFonts(why)

    return refuse


def _answer(render: Render, letter: ReplyLetter) -> Piece:
    try:
        printed = render(letter)
    except Unprintable as error:
        return {"unprintable": error.code, "part": error.part}, ()
    except NoFonts as error:
        return {"no_fonts": str(error)}, ()
    return {"pages": printed.pages}, [printed.pdf]
