"""Header fields: raw bytes first, words second, because header words come in every charset and in pieces.

RFC 5322 (fields), 2047 (encoded words), 2231 (parameters); and what senders write instead: raw GBK, words cut inside a
character or inside a base64 group, unfinished words, encoded words where only parameters may stand.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from channels.email.reading import limits
from channels.email.reading.charset import codec_of, decode
from channels.email.reading.words import clean_line

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*")
_ENCODED = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*?)(?:\?=|$)")
_PLAIN_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_ANGLED = re.compile(r"<[ \t]*([^<>\s@]{1,128}@[^<>\s@]{1,255})[ \t]*>")
_BARE = re.compile(r"[^\s<>\"'(),;:\[\]\\@，；：（）]+@[^\s<>\"'(),;:\\@，；：（）]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Headers:
    """The fields of one part in their order, values unfolded but not decoded."""

    fields: tuple[tuple[str, bytes], ...] = ()
    hint: str = field(default="", compare=False)  # charset of the body: what raw header bytes are probably in

    def raw(self, name: str) -> bytes:
        return next((value for known, value in self.fields if known == name), b"")

    def every(self, name: str) -> list[bytes]:
        return [value for known, value in self.fields if known == name]

    def text(self, name: str) -> str:
        """The first field of that name in words, on one line; empty when there is none."""
        return clean_line(words(self.raw(name), self.hint))

    def plain(self, name: str) -> str:
        """A structured field, lower case, without comments' charset troubles."""
        return clean_line(self.raw(name).decode("latin-1")).lower()

    def has(self, name: str) -> bool:
        return any(known == name for known, _ in self.fields)


def parse_fields(block: bytes) -> tuple[tuple[str, bytes], ...]:
    """The fields of a header block; lines that belong to none are skipped."""
    found: list[tuple[str, bytearray]] = []
    for line in block.splitlines():
        if line[:1] in {b" ", b"\t"} and found:
            if len(found[-1][1]) < limits.HEADER_VALUE_BYTES:
                found[-1][1].extend(b" " + line.strip())
        elif match := _FIELD.match(line):
            found.append((match[1].decode("ascii").lower(), bytearray(line[match.end() :])))
        if len(found) > limits.HEADER_FIELDS:
            break
    return tuple((name, bytes(value.strip())) for name, value in found)


def words(raw: bytes, hint: str = "") -> str:
    """Encoded words and raw bytes of a field as one text."""
    pieces: list[str] = []
    at, run = 0, _Run()
    for match in _ENCODED.finditer(raw):
        between = raw[at : match.start()]
        at = match.end()
        if between.strip(b" \t\r\n"):
            pieces += [run.end(), _plain(between, hint)]
            run = _Run()
        charset, encoding, data = match[1].decode("ascii", "replace"), match[2].upper(), match[3]
        if not run.takes(charset, encoding):
            pieces.append(run.end())
            run = _Run()
        run.add(charset, encoding, data)
    pieces.append(run.end())
    if raw[at:].strip():
        pieces.append(_plain(raw[at:], hint))
    return "".join(pieces)


def _plain(raw: bytes, hint: str) -> str:
    return decode(raw, hint).text if not raw.isascii() else decode(raw).text


class _Run:
    """Neighbouring encoded words of one charset: joined as bytes, since a character may be cut between them."""

    def __init__(self) -> None:
        self.charset = ""
        self.encoding = b""
        self.data: list[bytes] = []

    def takes(self, charset: str, encoding: bytes) -> bool:
        if not self.data:
            return True
        return (codec_of(charset) or charset.lower()) == (codec_of(self.charset) or self.charset.lower())

    def add(self, charset: str, encoding: bytes, data: bytes) -> None:
        self.charset = self.charset or charset
        if encoding == b"Q":
            self._settle()
            self.data.append(_unquoted(data))
            return
        base64 = _PLAIN_BASE64.sub(b"", data)
        if self.encoding == b"B" and len(self.data[-1]) % 4:  # cut inside a group of four
            self.data[-1] += base64
        else:
            self._settle()
            self.data.append(base64)
        self.encoding = b"B"
        if b"=" in data.rstrip()[-2:]:
            self._settle()

    def _settle(self) -> None:
        if self.encoding == b"B":
            self.data[-1] = lenient_base64(self.data[-1])
            self.encoding = b""

    def end(self) -> str:
        if not self.data:
            return ""
        self._settle()
        return decode(b"".join(self.data), self.charset).text


def lenient_base64(data: bytes) -> bytes:
    """As much of a base64 group sequence as there is; ``data`` holds only its alphabet."""
    spare = len(data) % 4
    data = data[:-1] if spare == 1 else data + b"=" * (-len(data) % 4)
    return b64decode(data)


def _unquoted(data: bytes) -> bytes:
    data = data.replace(b"_", b" ")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda hexed: bytes([int(hexed[1], 16)]), data)


# Parameters (Content-Type, Content-Disposition)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """``value; name=…`` taken apart; ``names`` are lower case, their values in words."""

    value: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.names.get(name, "")


def parameters(raw: bytes, hint: str = "") -> Parameters:
    """A structured field with parameters, RFC 2231 pieces put together, whatever the quoting."""
    head, *rest = _split_parameters(raw)
    plain: dict[str, bytes] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for item in rest[:200]:
        name, equals, value = item.partition(b"=")
        key = name.strip().decode("latin-1").lower()
        if not equals or not key:
            continue
        if match := re.fullmatch(r"([^*]+)(?:\*(\d{1,3}))?(\*)?", key):
            if match[2] is None and match[3] is None:
                plain.setdefault(match[1], _unwrapped(value))
            else:
                pieces.setdefault(match[1], {})[int(match[2] or 0)] = (_unwrapped(value), bool(match[3]))
    names = {key: clean_line(_value_words(value, hint)) for key, value in plain.items()}
    for key, parts in pieces.items():
        joined = clean_line(_joined(parts, hint))
        if joined and not ("\ufffd" in joined and names.get(key)):
            names[key] = joined
    return Parameters(value=head.strip().decode("latin-1").lower(), names=names)


def _split_parameters(raw: bytes) -> list[bytes]:
    """At semicolons outside quotes. A quote that is never closed, quotes nothing."""
    items, start, quoted = [], 0, False
    for match in re.finditer(rb'\\.|"|;', raw, re.DOTALL):
        if match[0] == b'"':
            quoted = not quoted and (b'"' in raw[match.end() :])
        elif match[0] == b";" and not quoted:
            items.append(raw[start : match.start()])
            start = match.end()
    items.append(raw[start:])
    return items


def _unwrapped(value: bytes) -> bytes:
    value = value.strip()
    if value[:1] == b'"':
        inner = value[1:].removesuffix(b'"')
        return re.sub(rb'\\(["\\])', rb"\1", inner)
    return value


def _value_words(value: bytes, hint: str) -> str:
    if match := re.match(rb"(?i)(utf-?8|gb[k0-9]+|big5)'[^']*'(?=.*%)", value):
        return decode(unquote_to_bytes(value[match.end() :]), match[1].decode()).text
    text = words(value, hint)
    if re.search("%[89A-Fa-f][0-9A-Fa-f]", text) and text.isascii():
        unquoted = decode(unquote_to_bytes(text.encode()))
        return unquoted.text if not unquoted.replaced else text
    return text


def _joined(parts: dict[int, tuple[bytes, bool]], hint: str) -> str:
    """RFC 2231 continuations: percent-decoded pieces joined as bytes, then read in the charset of the first."""
    charset, joined = "", b""
    for number in sorted(parts):
        value, extended = parts[number]
        if extended and not charset and (match := re.match(rb"([^']*)'[^']*'", value)):
            charset, value = match[1].decode("latin-1"), value[match.end() :]
        joined += unquote_to_bytes(value) if extended else value
    if b"=?" in joined:
        return words(joined, hint)
    return decode(joined, charset or hint).text


# Addresses, ids, dates


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Who: an address without angle brackets, and the name beside it."""

    address: str = ""
    name: str = ""


def address_of(text: str) -> Address:
    """The one address in a decoded From-like field; the name may hold anything, even another address."""
    angled = _ANGLED.findall(text)
    if angled:
        name = text[: text.rfind("<" + angled[-1])] if "<" + angled[-1] in text else _ANGLED.sub("", text)
        return Address(address=_address(angled[-1]), name=_name(name))
    bare = _BARE.search(text)
    if bare is None:
        return Address(name=_name(text))
    comment = re.search(r"\(([^()]*)\)", text)
    return Address(address=_address(bare[0]), name=_name(comment[1]) if comment else "")


def addresses(text: str) -> list[str]:
    """All addresses in a decoded To-like field, lower case, the first 200."""
    return [found.lower().strip(".'\"") for found in _BARE.findall(text[:20_000])][:200]


def _address(found: str) -> str:
    return found.strip("<>'\".,;:")[:320]


def _name(text: str) -> str:
    return clean_line(re.sub(r"\\(.)", r"\1", text.strip().strip("\"'<> ")))[: limits.NAME_CHARS]


def message_ids(raw: bytes) -> tuple[str, ...]:
    """The ids in a Message-ID, In-Reply-To or References field, in order, with their brackets."""
    text = clean_line(raw.decode("utf-8", "replace"))
    found = _MESSAGE_ID.findall(text)
    if not found and text and "@" in text and len(text) < 500:
        found = [f"<{text.split()[0].strip('<>')}>"]
    return tuple(dict.fromkeys(found))


def date_of(text: str) -> datetime | None:
    """An RFC 5322 date, aware, in China's time; None when it is none. A date without zone is taken as China's."""
    try:
        parts = parsedate_tz(text.strip())
        if parts is None or not 1980 <= parts[0] <= 2200:
            return None
        zone = CHINA if parts[9] is None else timezone(timedelta(seconds=parts[9]))
        return datetime(*parts[:6], tzinfo=zone).astimezone(CHINA)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
