"""A mail as a tree of parts, cut along its boundaries, byte for byte.

The standard library's parser decodes headers while it goes, descends into attached messages and recurses once per
level; a mail of 2,000 nested parts ends it. Here only the bytes are cut: the depth and the number of parts are bounded
before anything is decoded, and an attached message stays the bytes it was. RFC 2046, section 5.1.
"""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

from channels.email.reading import limits
from channels.email.reading.headers import Headers, Parameters, lenient_base64, parameters, parse_fields

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\r\r|\A\r?\n")
_LOOKS_LIKE_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\r\n]{4,120}?)[ \t]*\r?\n[Cc]ontent-")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_UU_BEGIN = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} [^\r\n]+\r?\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part: its fields, its body as it stands in the mail, and the parts within."""

    headers: Headers
    content_type: Parameters
    disposition: Parameters
    body: bytes
    children: tuple[Part, ...] = ()

    @property
    def kind(self) -> str:
        return self.content_type.value

    @property
    def declared_name(self) -> str:
        return self.disposition.get("filename") or self.content_type.get("name")

    def walk(self) -> Iterator[Part]:
        yield self
        for child in self.children:
            yield from child.walk()


def parse(raw: bytes, warnings: limits.Warnings) -> Part:
    """The tree of a whole mail, as far as the limits allow."""
    if len(raw) > limits.MAIL_BYTES:
        warnings.add("mail_too_large")
        raw = raw[: limits.MAIL_BYTES]
    budget = _Budget(warnings)
    return budget.part(_without_envelope(raw), 0, "text/plain")


def _without_envelope(raw: bytes) -> bytes:
    """Without what may stand before the first field: a byte order mark, blank lines, an mbox "From " line."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if raw.startswith((b"From ", b">From ")):
        raw = raw[raw.find(b"\n") + 1 :] if b"\n" in raw[:2000] else raw
    return raw


def split_headers(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body. Without a blank line, the body begins where no field can."""
    if not _LOOKS_LIKE_FIELD.match(raw):
        if match := re.match(rb"[ \t]*\r?\n", raw):
            return b"", raw[match.end() :]
        return b"", raw
    end = _END_OF_HEADERS.search(raw, 0, limits.HEADER_BYTES)
    if end:
        return raw[: end.start()], raw[end.end() :]
    if len(raw) <= limits.HEADER_BYTES:
        return raw, b""
    return raw[: limits.HEADER_BYTES], raw[limits.HEADER_BYTES :]


class _Budget:
    """How many parts may still be cut."""

    def __init__(self, warnings: limits.Warnings) -> None:
        self.left = limits.PARTS
        self.warnings = warnings

    def part(self, raw: bytes, depth: int, default: str) -> Part:
        block, body = split_headers(raw)
        if len(block) >= limits.HEADER_BYTES:
            self.warnings.add("header_too_large")
        fields = parse_fields(block)
        if len(fields) > limits.HEADER_FIELDS:
            self.warnings.add("too_many_headers")
        bare = Headers(fields=fields)
        charset = parameters(bare.raw("content-type")).get("charset")
        headers = Headers(fields=fields, hint=charset)
        content_type = parameters(bare.raw("content-type"), charset)
        if "/" not in content_type.value:
            content_type = Parameters(value=default, names=content_type.names)
        disposition = parameters(bare.raw("content-disposition"), charset)
        children = self._children(content_type, body, depth) if content_type.value.startswith("multipart/") else ()
        return Part(headers=headers, content_type=content_type, disposition=disposition, body=body, children=children)

    def _children(self, content_type: Parameters, body: bytes, depth: int) -> tuple[Part, ...]:
        if depth >= limits.DEPTH:
            self.warnings.add("nested_too_deep")
            return ()
        boundary = content_type.get("boundary").encode("utf-8", "replace")
        default = "message/rfc822" if content_type.value == "multipart/digest" else "text/plain"
        pieces = self._pieces(body, boundary)
        if not pieces and (guessed := _GUESSED_BOUNDARY.search(body)):
            self.warnings.add("boundary_guessed")
            pieces = self._pieces(body, guessed[1])
        return tuple(self.part(piece, depth + 1, default) for piece in pieces)

    def _pieces(self, body: bytes, boundary: bytes) -> list[bytes]:
        """What stands between the boundary lines; the line end before a boundary belongs to the boundary."""
        if not boundary:
            return []
        delimiter = re.compile(rb"(?:\A|\r?\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
        pieces: list[bytes] = []
        start: int | None = None
        for match in delimiter.finditer(body):
            if start is not None:
                pieces.append(body[start : match.start()])
                start = None
                self.left -= 1
            if match[1] or self.left <= 0:
                break
            start = match.end()
            start += 2 if body[start : start + 2] == b"\r\n" else 1
        if self.left <= 0:
            self.warnings.add("too_many_parts")
        elif start is not None:
            self.warnings.add("multipart_not_closed")
            pieces.append(body[start:])
        return pieces


# Transfer encodings


def payload(part: Part, warnings: limits.Warnings) -> bytes:
    """The bytes a part stands for; damaged encodings as far as they go, with a warning."""
    encoding = part.headers.plain("content-transfer-encoding").split(";")[0].strip(" '\"")
    if encoding in {"base64", "base-64", "b"}:
        return _base64(part.body, warnings)
    if encoding in {"quoted-printable", "quoted_printable", "qp", "q"}:
        return quopri.decodestring(part.body)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return uudecode(part.body)[1] or part.body
    if encoding not in {"", "7bit", "8bit", "binary", "7-bit", "8-bit"}:
        warnings.add("unknown_transfer_encoding")
    return part.body


def _base64(body: bytes, warnings: limits.Warnings) -> bytes:
    try:
        return b64decode(body.translate(None, b"\r\n\t "), validate=True)
    except ValueError:
        return _damaged_base64(body, warnings)


def _damaged_base64(body: bytes, warnings: limits.Warnings) -> bytes:
    """Foreign signs, no padding, padding in the middle, cut short: as far as it goes."""
    strange = len(_NOT_BASE64.findall(body[:100_000]))
    if strange:
        warnings.add("broken_base64")
        if strange * 20 > len(body[:100_000]):
            return body  # never was base64, whatever its label says
    groups = re.sub(rb"[^A-Za-z0-9+/=]+", b"", body)
    if b"=" not in groups.rstrip(b"="):
        plain = groups.rstrip(b"=")
        if len(plain) % 4 == 1 or len(groups) % 4:
            warnings.add("broken_base64")
        return lenient_base64(plain)
    return b"".join(lenient_base64(piece) for piece in re.split(rb"=+", groups) if piece)


def uudecode(body: bytes) -> tuple[str, bytes, bytes]:
    """The first uuencoded file in a body: its name, its bytes, and the body without it; empty when there is none."""
    import binascii

    begin = _UU_BEGIN.search(body)
    if begin is None:
        return "", b"", body
    name = begin[0].strip().split(b" ", 2)[2].decode("utf-8", "replace").strip()
    end = re.compile(rb"\r?\n(?:`|)\r?\n?end[ \t]*(?:\r?\n|\Z)").search(body, begin.end() - 1)
    lines = body[begin.end() : end.start() if end else len(body)].splitlines()
    content = bytearray()
    for line in lines:
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            return "", b"", body
    return name, bytes(content), body[: begin.start()] + (body[end.end() :] if end else b"")
