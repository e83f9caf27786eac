"""Opaque-signed S/MIME (application/pkcs7-mime, signed-data): the letter inside the signature. RFC 8551, RFC 5652.

Nothing is verified here; the words are only made readable. Encrypted mail stays closed.
"""

from __future__ import annotations

from channels.email.reading import limits

_SIGNED_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_DATA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_OCTETS, _OBJECT_ID, _SEQUENCE, _SET, _EXPLICIT = 0x04, 0x06, 0x30, 0x31, 0xA0
_DEEPEST = 12


def signed_content(content: bytes, warnings: limits.Warnings) -> bytes:
    """The signed mail part (headers and body), or nothing when it is encrypted or not understood."""
    if content.lstrip().startswith(b"-----BEGIN"):
        return b""
    if _SIGNED_DATA not in content[:64]:
        return b""
    with warnings.instead_of_raising("smime"):
        return _encapsulated(content)
    return b""


def _encapsulated(content: bytes) -> bytes:
    """ContentInfo → SignedData → encapContentInfo → eContent."""
    info = _members(content, 0)
    signed = _members(_inside(info, _EXPLICIT), 0)
    for tag, value in signed:
        if tag == _SEQUENCE:
            held = _members_of(value)
            if held and held[0] == (_OBJECT_ID, _DATA):
                return _octets(_inside(held, _EXPLICIT), 0)
    return b""


def _inside(members: list[tuple[int, bytes]], wanted: int) -> bytes:
    return next(value for tag, value in members if tag == wanted)


def _members(data: bytes, at: int) -> list[tuple[int, bytes]]:
    """The members of the one value that begins at ``at``."""
    _, value, _ = _value(data, at, 0)
    return _members_of(value)


def _members_of(value: bytes) -> list[tuple[int, bytes]]:
    members: list[tuple[int, bytes]] = []
    at = 0
    while at < len(value) and len(members) < 1_000:
        tag, inner, at = _value(value, at, 0)
        members.append((tag, inner))
    return members


def _octets(data: bytes, depth: int) -> bytes:
    """An octet string, in one piece or (BER) in many."""
    pieces = []
    at = 0
    while at < len(data) and depth < _DEEPEST:
        tag, value, at = _value(data, at, 0)
        if tag == _OCTETS:
            pieces.append(value)
        elif tag == _OCTETS | 0x20:
            pieces.append(_octets(value, depth + 1))
    return b"".join(pieces)


def _value(data: bytes, at: int, depth: int) -> tuple[int, bytes, int]:
    """Tag, content and end of one BER value; raises ValueError for what is none."""
    if depth > _DEEPEST or at + 2 > len(data):
        raise ValueError("not BER")
    tag, length, start = data[at], data[at + 1], at + 2
    if length == 0x80:
        end = start
        while data[end : end + 2] != b"\0\0":
            _, _, end = _value(data, end, depth + 1)
        return tag, data[start:end], end + 2
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise ValueError("cut short")
    return tag, data[start : start + length], start + length
