"""winmail.dat: what Outlook wraps for other Outlooks (MS-OXTNEF), opened with tnefparse."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from channels.email.reading import limits
from channels.email.reading.charset import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
KINDS = {"application/ms-tnef", "application/vnd.ms-tnef", "application/x-ms-tnef"}
INNER_FILES = 100
_LEVELS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrapped:
    """A file from inside, as declared."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Unwrapped:
    """The inside of a winmail.dat."""

    text: str = ""
    html: str = ""
    files: tuple[Wrapped, ...] = ()


def is_tnef(media_type: str, name: str, content: bytes) -> bool:
    return content.startswith(SIGNATURE) and (media_type in KINDS or name.lower().endswith(".dat"))


def unwrap(content: bytes, warnings: limits.Warnings) -> Unwrapped:
    """The body and files inside; empty, with a warning, when it cannot be opened."""
    with warnings.instead_of_raising("winmail"):
        from tnefparse import TNEF  # seldom needed

        logging.getLogger("tnefparse").setLevel(logging.CRITICAL)  # it logs names of files
        tnef = TNEF(content, do_checksum=False)
        files = tuple(file for number, file in enumerate(_files(tnef, _LEVELS)) if number < INNER_FILES)
        return Unwrapped(text=_text(tnef.body, tnef), html=_text(tnef.htmlbody, tnef), files=files)
    return Unwrapped()


def _files(tnef: Any, levels: int) -> Iterator[Wrapped]:
    for attachment in tnef.attachments:
        inner = getattr(attachment, "embed", None)
        if inner is not None and levels:
            yield from _files(inner, levels - 1)
        elif attachment.data:
            yield Wrapped(name=_name(attachment, tnef), content=bytes(attachment.data))


def _name(attachment: Any, tnef: Any) -> str:
    """The long name from the MAPI properties, else the short one; tnefparse takes every short name for UTF-8."""
    from tnefparse import properties

    for wanted in (properties.MAPI_ATTACH_LONG_FILENAME, properties.MAPI_DISPLAY_NAME):
        for attribute in attachment.mapi_attrs:
            if attribute.name == wanted and attribute.data:
                return _text(attribute.data, tnef)
    return _text(getattr(attachment, "_name", b""), tnef)


def _text(found: Any, tnef: Any) -> str:
    if isinstance(found, list | tuple):
        found = found[0] if found else ""
    if isinstance(found, bytes):
        return decode(found.rstrip(b"\0"), str(tnef.codepage or "")).text
    return str(found or "").strip("\0")
