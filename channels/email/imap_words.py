"""The words of IMAP that aioimaplib leaves to its caller: quoting, mailbox names, sets of UIDs, FETCH responses."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

RECORD_START = re.compile(rb"\d+ FETCH \(")
UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
INTERNALDATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
BODY = re.compile(rb'\bBODY\[\](?:<\d+>)? (?:(NIL)|"((?:[^"\\]|\\.)*)"|\{\d+\})')
ESCAPED = re.compile(rb"\\(.)")
NUMBERS = re.compile(rb"[\d ]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What one FETCH response said of one mail; None where it was silent."""

    uid: int
    size: int | None = None
    internaldate: datetime | None = None
    body: bytes | None = None


def quoted(word: str) -> str:
    """An IMAP quoted string (RFC 3501 4.3)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mailbox_name(name: str) -> str:
    """A mailbox name in modified UTF-7 (RFC 3501 5.1.3), quoted: 已处理 → "&XfJZBHQG-"."""
    encoded = "".join(_modified_utf7(part) for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", name))
    return quoted(encoded)


def _modified_utf7(part: str) -> str:
    if part.isascii() and part.isprintable():
        return part.replace("&", "&-")
    shifted = base64.b64encode(part.encode("utf-16-be"), altchars=b"+,").decode("ascii").rstrip("=")
    return f"&{shifted}-"


def uid_set(uids: Iterable[int]) -> str:
    """1, 2, 3, 7 → ``1:3,7``."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def found_uids(lines: Sequence[bytes]) -> list[int]:
    """The UIDs in a SEARCH response, ascending, each once; the last line is the tagged one."""
    numbers = [line for line in lines[:-1] if NUMBERS.fullmatch(line)]
    return sorted({int(number) for line in numbers for number in line.split()})


def records(lines: Sequence[bytes | bytearray]) -> Iterator[Record]:
    """The mails of a FETCH response; lines are ``bytes``, literals ``bytearray``, as aioimaplib hands them over."""
    gathered: list[bytes | bytearray] = []
    for line in lines:
        if isinstance(line, bytes) and RECORD_START.match(line):
            yield from _record(gathered)
            gathered = []
        gathered.append(line)
    yield from _record(gathered)


def _record(lines: Sequence[bytes | bytearray]) -> Iterator[Record]:
    text = b" ".join(line for line in lines if isinstance(line, bytes))
    uid = UID.search(text)
    if uid and RECORD_START.match(text):
        literals = [bytes(line) for line in lines if isinstance(line, bytearray)]
        yield Record(uid=int(uid[1]), size=_size(text), internaldate=_internaldate(text), body=_body(text, literals))


def _size(text: bytes) -> int | None:
    found = SIZE.search(text)
    return int(found[1]) if found else None


def _internaldate(text: bytes) -> datetime | None:
    found = INTERNALDATE.search(text)
    try:
        return datetime.strptime(found[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z") if found else None
    except ValueError:
        return None


def _body(text: bytes, literals: Sequence[bytes]) -> bytes | None:
    found = BODY.search(text)
    if not found:
        return None
    if found[1] is not None:
        return b""
    if found[2] is not None:
        return ESCAPED.sub(rb"\1", found[2])
    return literals[0] if literals else None
