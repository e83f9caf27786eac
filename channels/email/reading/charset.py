"""Bytes into words: labels lie, so a label is a hint that the bytes must bear out.

Valid UTF-8 is UTF-8 whatever it is called; GBK called Big5 or Latin-1 is told by which reading has everyday characters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from channels.email.reading.charset_names import BIG5, CHINESE, GB, SEVEN_BIT, UTF8, WESTERN, WIDE, codec_of
from channels.email.reading.plausible import SAMPLE, commonness, is_noise, worth

__all__ = ["Decoded", "codec_of", "decode", "reads_as_binary"]

_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{3,}-?")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7a3]")
_BEYOND_LATIN = re.compile("[\u0800-\U0010ffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """Words, the codec that gave them, and how many characters could not be read."""

    text: str
    used: str
    replaced: int = 0


def _cp936_euro(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.start + 1]
    return ("€" if bad == b"\x80" else "\ufffd"), error.start + 1


codecs.register_error("tousu-cp936", _cp936_euro)


def decode(data: bytes, label: str = "", *, hint: str = "") -> Decoded:
    """Read bytes that a sender labelled ``label`` (maybe wrongly); ``hint`` is a second guess. Never raises."""
    codec = codec_of(label)
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return _by_mark(data)
    if data.isascii():
        return _seven_bit(data, codec)
    if codec in WIDE:
        return _wide(data, codec)
    if codec in SEVEN_BIT and (found := _strict(data, codec)):
        return found
    if (text := _strict(data, UTF8) or _cut_utf8(data)) and not _accidental(text.text, data, codec):
        return text
    return _by_label(data, codec) or _by_label(data, codec_of(hint)) or _found(data, codec)


def _cut_utf8(data: bytes) -> Decoded | None:
    """UTF-8 that ends, and only ends, inside a character: a field cut to a length."""
    for lost in (1, 2, 3):
        if (
            len(data) > lost
            and data[-lost] >= 0xC0
            and (found := _strict(data[:-lost], UTF8))
            and _BEYOND_LATIN.search(found.text)
        ):
            return Decoded(text=found.text + "\ufffd", used=UTF8, replaced=1)
    return None


def _by_mark(data: bytes) -> Decoded:
    """A byte order mark says more than any label, if what follows agrees."""
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data[3:], UTF8) or _found(data[3:], UTF8)
    wide = "utf-32" if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) else "utf-16"
    return _replacing(data, wide)


def _seven_bit(data: bytes, codec: str) -> Decoded:
    if codec in WIDE and b"\0" in data:
        return _wide(data, codec)
    if codec in SEVEN_BIT and (found := _strict(data, codec)):
        return found
    if codec in SEVEN_BIT and codec != "hz":
        return _replacing(data, codec)
    if b"~{" in data and _HZ.search(data) and (found := _strict(data, "hz")) and commonness(found.text) > 0.6:
        return found
    if b"\x1b$" in data:
        for name in ("iso-2022-cn", "iso2022_jp_2", "iso2022_kr"):
            if (found := _strict(data, name)) and _BEYOND_LATIN.search(found.text):
                return found
    if b"+" in data and _UTF7.search(data) and (found := _strict(data, "utf-7")) and _mostly_han(found.text):
        return found
    if data.count(0) * 4 > len(data):
        return _wide(data, "utf-16")
    return Decoded(text=data.decode("ascii"), used="us-ascii")


def _mostly_han(text: str) -> bool:
    """Many common Chinese characters came out of what looked like base64 between plus signs."""
    return len(_HAN.findall(text)) >= 2 and commonness(text) > 0.85


def _wide(data: bytes, codec: str) -> Decoded:
    """UTF-16 or -32 without a mark: the byte order that reads; bytes that are plain UTF-8 keep being that."""
    if b"\0" not in data and (found := _strict(data, UTF8)):
        return found
    names: tuple[str, ...] = (codec,) if codec.startswith("utf-32") else ("utf-16-le", "utf-16-be")
    if codec in names:
        names = (codec, *[name for name in names if name != codec])
    return max((_replacing(data, name) for name in names), key=_worth)


def _accidental(text: str, data: bytes, codec: str) -> bool:
    """GBK can look like UTF-8 by chance, but then only like two-byte letters, and a Chinese label says otherwise."""
    if _BEYOND_LATIN.search(text) or codec == UTF8:
        return False
    declared = _strict(data, codec if codec in CHINESE else GB)
    if declared is None or commonness(declared.text) < 0.9:
        return False
    return codec in CHINESE or not re.search("[a-zA-Z]", text)


def _by_label(data: bytes, codec: str) -> Decoded | None:
    """The declared codec, when the bytes fit it and read like a language."""
    for name in (codec, "cp950") if codec == BIG5 else (codec,):
        found = _strict(data, name)
        if found and _bears_out(found.text, name) and not _better_as_chinese(found, data):
            return found
    return None


def _bears_out(text: str, codec: str) -> bool:
    if codec in CHINESE:
        return commonness(text) >= 0.75
    if codec.startswith(WESTERN):
        return "\0" not in text and not _western_mojibake(text)
    if codec in {"shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"}:
        return bool(_KANA_OR_HANGUL.search(text)) or commonness(text) > 0.85
    return True


def _better_as_chinese(found: Decoded, data: bytes) -> bool:
    """GBK labelled Big5, Big5 labelled gb2312, either labelled Latin-1: the other way it reads better."""
    if found.used.startswith(WESTERN):
        return any((other := _strict(data, name)) and commonness(other.text) >= 0.95 for name in (GB, BIG5))
    if found.used not in {GB, BIG5, "cp950"}:
        return False
    other = _strict(data, BIG5 if found.used == GB else GB)
    return other is not None and commonness(other.text) > commonness(found.text) + 0.1


def _western_mojibake(text: str) -> bool:
    """Long runs of accented letters and signs: Chinese bytes under a Western label."""
    runs = re.findall("[\x80-\xff\u0152-\u0192\u2013-\u2122]{4,}", text[:SAMPLE])
    return sum(map(len, runs)) >= 4


def _found(data: bytes, codec: str) -> Decoded:
    """No trustworthy label: the reading that makes most sense."""
    names = [UTF8, GB, BIG5]
    if codec and codec not in names:
        names.append(codec)
    best = max((_replacing(data, name) for name in names), key=_worth)
    if best.replaced or _worth(best) < 0.75:
        best = max((best, *_second_thoughts(data)), key=_worth)
    return best


def _second_thoughts(data: bytes) -> list[Decoded]:
    """Lines in different charsets (a relay's footer), UTF-16 without a mark, and what chardet thinks of the rest."""
    further = [_wide(data, "utf-16")] if len(data) % 2 == 0 else []
    if b"\n" in data:
        further.append(_line_by_line(data))
    import chardet  # slow to load, seldom needed

    guess = codec_of(chardet.detect(data[:SAMPLE]).get("encoding") or "")
    if guess:
        further.append(_replacing(data, guess))
    return further


def _line_by_line(data: bytes) -> Decoded:
    pieces, replaced = [], 0
    for line in data.splitlines(keepends=True):
        piece = _strict(line, UTF8) or _strict(line, GB) or _replacing(line, UTF8)
        pieces.append(piece.text)
        replaced += piece.replaced
    return Decoded(text="".join(pieces), used="mixed", replaced=replaced)


def _strict(data: bytes, codec: str) -> Decoded | None:
    if not codec:
        return None
    try:
        text = iso_2022_cn(data) if codec == "iso-2022-cn" else data.decode(codec)
    except (UnicodeError, LookupError):
        return None
    return Decoded(text=_without_surrogates(text), used=codec)


def _replacing(data: bytes, codec: str) -> Decoded:
    if codec == "iso-2022-cn":
        return _strict(data, codec) or Decoded(text=data.decode("ascii", "replace"), used="us-ascii", replaced=1)
    try:
        text = data.decode(codec, "tousu-cp936" if codec == GB else "replace")
    except (UnicodeError, LookupError):
        text = data.decode("latin-1")
    text = _without_surrogates(text)
    return Decoded(text=text, used=codec, replaced=text.count("\ufffd"))


def _without_surrogates(text: str) -> str:
    """utf-7 and utf-16 can smuggle lone surrogates, which neither JSON nor a database can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def iso_2022_cn(data: bytes) -> str:
    """RFC 1922, its GB 2312 part; Python has no codec for it. Raises UnicodeError."""
    pieces, shifted = [], False
    for token in re.split(rb"(\x1b\$[)*+][A-Z]|\x0e|\x0f|\n)", data):
        if token == b"\x0e":
            shifted = True
        elif token in {b"\x0f", b"\n"}:
            shifted = False
            pieces.append(token.decode("ascii").strip("\x0f"))
        elif not token.startswith(b"\x1b"):
            pieces.append(bytes(byte | 0x80 for byte in token).decode("gb2312") if shifted else token.decode("ascii"))
        elif token[3:] != b"A" and token[:3] == b"\x1b$)":
            raise UnicodeError("only the GB 2312 part of ISO-2022-CN is known")
    return "".join(pieces)


def reads_as_binary(data: bytes, label: str = "") -> bool:
    """A third and more of it are no characters in any reading: a file that calls itself text."""
    if b"\0" not in data[:4096]:
        return False
    sample = decode(data[:4096], label).text
    return is_noise(sample)


def _worth(decoded: Decoded) -> float:
    return worth(decoded.text)
