"""An address as an envelope has it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from channels.letter.printing.plain import lines, plain

_POSTCODE = re.compile(r"(?:邮编|郵編|邮政编码|郵政編碼)?[:：]?\s*(?<![0-9])([0-9]{6})(?![0-9])")


def addressee(address: str, name: str, language: str) -> list[dict[str, str]]:
    """The lines for the window: in Chinese postcode, address, name; in English the name leads."""
    who = [_line("name", line) for line in lines(name)]
    if language == "en":
        return who + [_line("address", line) for line in lines(address)]
    postcode, rest = _parted(plain(address))
    code = [_line("postcode", postcode)] if postcode else []
    return code + [_line("address", line) for line in lines(rest)] + who


def _parted(address: str) -> tuple[str, str]:
    """The postcode, if the address begins or ends with one, and the rest."""
    for found in (_POSTCODE.match(address), _last(_POSTCODE.finditer(address))):
        if found and (found.start() == 0 or found.end() == len(address)):
            return found[1], (address[: found.start()] + address[found.end() :]).strip(" ,，;；\n")
    return "", address


def _last(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    matches = list(found)
    return matches[-1] if matches else None


def _line(kind: str, text: str) -> dict[str, str]:
    return {"kind": kind, "text": text}
