"""What the template is handed: the letter and its fixed words, as one JSON object."""

from __future__ import annotations

from typing import Any

from channels.letter.printing.addresses import addressee
from channels.letter.printing.codes import slip_code
from channels.letter.printing.fonts import SANS, SERIF
from channels.letter.printing.plain import bound, lines, plain
from channels.letter.printing.values import Letterhead, ReplyLetter
from channels.letter.printing.words import words, written

# Asked for in papers or on the line for the signature: nobody writes an answer below it.
ENCLOSED = ("evidence", "signature", "documents")


def setting(letter: ReplyLetter, head: Letterhead) -> dict[str, Any]:
    """All that is printed, ready to be set."""
    fixed = words(letter.language)
    name = plain(letter.name) or fixed["unnamed"]
    return {
        "lang": letter.language.partition("-")[0],
        "region": fixed["region"],
        "large": letter.large,
        "alone": False,
        "indent": 0 if letter.language == "en" else 2,
        "fonts": {"serif": SERIF[letter.language], "sans": SANS[letter.language]},
        "words": {key: value for key, value in fixed.items() if isinstance(value, str)},
        "letterhead": _letterhead(head),
        "number": letter.number,
        "title": bound(plain(letter.title)) or fixed["titles"][letter.kind],
        "date": written(letter.written_on, letter.language),
        "name": name,
        "to": addressee(letter.address, fixed["to"].format(name=name), letter.language),
        "back": addressee(head.address, fixed["to"].format(name=head.org), letter.language),
        "salutation": fixed["salutation"].format(name=name),
        "paragraphs": [line for paragraph in letter.paragraphs for line in lines(paragraph)],
        "sections": _sections(letter),
        "service": fixed["service"] if letter.decision else "",
        **_slip(letter),
    }


def _letterhead(head: Letterhead) -> dict[str, str]:
    return {
        "org": plain(head.org),
        "address": " ".join(lines(head.address)),
        "phone": bound(plain(head.phone)),
        "signatory": plain(head.signatory),
    }


def _sections(letter: ReplyLetter) -> list[dict[str, Any]]:
    fixed, decision = words(letter.language), letter.decision
    if decision is None:
        return []
    said = (("verified", decision.verified), ("basis", decision.basis), ("remedies", decision.remedies))
    return [{"heading": fixed[part], "paragraphs": lines(text)} for part, text in said]


def _slip(letter: ReplyLetter) -> dict[str, Any]:
    return {
        "asks": [" ".join(lines(ask.text)) for ask in letter.asks],
        "ruled": [not ask.name.startswith(ENCLOSED) for ask in letter.asks],
        "payload": letter.slip,
        "code": slip_code(letter.slip) if letter.slip and letter.has_slip else "",
    }
