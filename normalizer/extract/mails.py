"""E-mail addresses, written or said."""

from __future__ import annotations

import re

from normalizer.text import Found, Reading

ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){1,4}")


def emails(reading: Reading) -> list[Found]:
    if "@" not in reading.flat:
        return []
    return [
        Found(value=reading.words(m.start(), m.end()), start=m.start(), end=m.end(), rule="email.address")
        for m in ADDRESS.finditer(reading.flat)
    ]
