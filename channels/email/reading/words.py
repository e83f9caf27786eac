"""Text made safe for JSON, databases and people's eyes: nothing unseen, nothing that moves the cursor."""

from __future__ import annotations

import re
import unicodedata

# What a terminal would act on: colour and cursor sequences, titles.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
# Joiners shape emoji and Indic letters; every other format character hides or reorders.
_KEPT_FORMATS = "\u200c\u200d"
# Noncharacters: ours alone, they mark where a quote begins and ends between html.py and quotes.py.
QUOTE_OPENS, QUOTE_ENDS, REST_IS_QUOTED = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = {QUOTE_OPENS, QUOTE_ENDS, REST_IS_QUOTED}
_AT_MARKS = re.compile("([\ufdd0-\ufdd2])")


class _Doomed(dict[int, "str | None"]):
    """Translation table that looks at each code point once."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        category = unicodedata.category(char)
        fate = None if category in {"Cc", "Cs"} and char not in "\n\t" else char
        if category == "Cf" and char not in _KEPT_FORMATS:
            fate = None
        if 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE:
            fate = None
        self[point] = fate
        return fate


_TABLE = _Doomed()


def clean_text(text: str) -> str:
    """Words of several lines: one kind of line end, no control, format or half characters."""
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)) if not text.isprintable() else text
    return text.translate(_TABLE)


def clean_line(text: str) -> str:
    """Words of one line, such as a subject or a name: as clean_text, and white space is single blanks."""
    return " ".join(clean_text(text).split())


def tidy(text: str) -> str:
    """Without trailing blanks and towers of empty lines."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def squeezed(text: str) -> str:
    """Width made plain and all white space gone, for comparing and for patterns that writers space out."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def clean_marked(text: str) -> str:
    """clean_text for a page from html.py: its marks of quotes stay."""
    return "".join(piece if piece in _MARKS else clean_text(piece) for piece in _AT_MARKS.split(text))


def without_marks(text: str) -> str:
    return tidy(_AT_MARKS.sub("", text))
