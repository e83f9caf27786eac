"""Names of charsets: what senders write, and the codec of ours that reads it.

| what senders write                    | what we decode with                                              |
|---------------------------------------|------------------------------------------------------------------|
| gb2312, gbk, x-gbk, cp936, euc-cn, …  | gb18030, the superset                                            |
| big5, cp950, big5-hkscs, …            | big5hkscs                                                        |
| utf8mb4, "utf-8;", unicode-1-1-utf-7  | utf-8, utf-7                                                     |
| us-ascii, unknown-8bit, x-unknown, "" | none: found from the bytes                                       |
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

GB, BIG5, UTF8 = "gb18030", "big5hkscs", "utf-8"

_ALIASES = {
    GB: "gb2312 gbk xgbk cp936 ms936 windows936 gb231280 gb_231280 isoir58 csgb2312 csiso58gb231280 euccn xeuccn "
    "gb18030 gb180302000 gb180302005 gb180302022 chinese csgbk gb gb2312gbk 936 xgb2312 gb23121980",
    BIG5: "big5 big5tw csbig5 cp950 ms950 windows950 xbig5 xxbig5 cnbig5 big5hkscs big5hk hkscs big5eten 950",
    UTF8: "utf8 utf8mb4 utf8mb3 utf unicode11utf8 xutf8 cp65001 65001 utf8n utf8bom",
    "utf-7": "utf7 unicode11utf7 xunicode20utf7 csunicode11utf7 unicode20utf7 cp65000 65000",
    "hz": "hz hzgb2312 hzgb csiso2022cnhz",
    "iso-2022-cn": "iso2022cn iso2022cnext csiso2022cn",
    "utf-16": "utf16 ucs2 iso10646ucs2 unicode csunicode",
    "utf-16-le": "utf16le ucs2le unicodelittle xutf16le",
    "utf-16-be": "utf16be ucs2be unicodebig xutf16be unicodefffe",
    "utf-32": "utf32 ucs4 iso10646ucs4",
    "utf-32-le": "utf32le",
    "utf-32-be": "utf32be",
}
_OURS = {alias: codec for codec, aliases in _ALIASES.items() for alias in aliases.split()}
# The rest of what mail carries. A whitelist, because Python also calls base64, idna and zlib codecs.
_OTHERS = (
    "iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-13 "
    "iso8859-14 iso8859-15 iso8859-16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 tis-620 "
    "iso8859-11 koi8-r koi8-u cp437 cp850 cp866 mac-roman shift_jis cp932 euc_jp iso2022_jp iso2022_jp_2 iso2022_kr "
    "euc_kr cp949 johab shift_jisx0213 euc_jisx0213 iso2022_jp_1 iso2022_jp_3 iso2022_jp_ext"
)
_FOREIGN = frozenset(_OTHERS.split())
SEVEN_BIT = frozenset({"utf-7", "hz", "iso-2022-cn", "iso2022_jp", "iso2022_jp_2", "iso2022_kr"})
WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
CHINESE = frozenset({GB, BIG5, "hz", "iso-2022-cn", "cp950"})
WESTERN = ("iso8859", "cp12", "koi8", "mac", "cp4", "cp8")


@lru_cache(maxsize=512)
def codec_of(label: str) -> str:
    """Our codec for a declared charset; empty when the label says nothing useful."""
    plain = re.sub(r"[^a-z0-9_]", "", label.lower().partition("*")[0])
    if found := _OURS.get(plain) or _OURS.get(plain.replace("_", "")):
        return found
    try:
        name = codecs.lookup(label.strip(" \t\"';,")).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return name if name in _FOREIGN else ""
