"""An HTML mail as the text its reader saw, with the quoted parts marked for quotes.py.

inscriptis lays out tables and lists best of what was tried, but gives nothing for 20,000 nested divs: then a plain
strip of tags stands in. What a reader could not see (display:none, white on white, size 0) is no word of theirs; it is
set apart, because it can be an instruction to a machine.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from channels.email.reading import limits
from channels.email.reading.words import QUOTE_ENDS, QUOTE_OPENS, REST_IS_QUOTED

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml ships no types

LOOKS_LIKE_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<div|<p[ >]|<table|<span|<br|<meta|<font)", re.I)
DEEPEST = 200

_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em|%|;|$|!)|opacity:0(?:\.0+)?(?:;|$|!)"
    r"|max-height:0(?:px)?(?:;|$|!)|(?:^|;)(?:height|width):0(?:px)?(?:;|$|!).*overflow:hidden"
    r"|overflow:hidden.*(?:^|;)(?:height|width):0(?:px)?(?:;|$|!)|text-indent:-\d{3,}|(?:left|top):-\d{3,}px"
)
_WHITE = re.compile(r"(?:^|;)color:(?:#fff(?:fff)?\b|white\b|rgba?\(255,255,255|transparent|rgba\(\d+,\d+,\d+,0\))")
_BACKGROUND = re.compile(r"background(?:-color|-image)?:(?!#fff(?:fff)?\b|white|transparent|none|inherit|initial)")
_HIDING_RULE = re.compile(r"([^{}]+)\{[^{}]*(?:display\s*:\s*none|visibility\s*:\s*hidden)[^{}]*\}", re.I)
_MEDIA_BLOCK = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.I)

# How clients mark what they quote. Element ids and classes; the rest they say in words, see quotes.py.
_QUOTE_CLASSES = {"gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "ntes_quote", "zmail_extra"}
_QUOTE_IDS = {"isReplyContent", "origbody", "mail-editor-reference-message-container", "ms-outlook-mobile-reference"}
_REST_IDS = {
    "divRplyFwdMsg",
    "appendonsend",
    "x_divRplyFwdMsg",
    "x_appendonsend",
    "reply-intro",
    "ymail_android_signature_quote",
}
_QUOTE_TAGS = {"includetail"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What a reader saw, and what was there without being seen."""

    text: str
    hidden: str = ""


def to_text(source: str, warnings: limits.Warnings) -> Page:
    """The visible text of an HTML mail, quotes between markers. Never empty when there were words to see."""
    if len(source) > limits.HTML_CHARS:
        warnings.add("html_too_large")
        return Page(text=stripped(source[: limits.HTML_CHARS]))
    page = Page(text="")
    with warnings.instead_of_raising("html"):
        page = _laid_out(source)
    if page.text.strip(" \n\t\xa0" + QUOTE_OPENS + QUOTE_ENDS + REST_IS_QUOTED):
        return page
    plain = stripped(source)
    if plain.strip():
        warnings.add("html_without_layout")
    return Page(text=plain, hidden=page.hidden if plain.strip() != page.hidden.strip() else "")


def stripped(source: str) -> str:
    """Tags taken out, whatever their order: the fall-back."""
    source = re.sub(r"(?is)<(script|style|head|title)\b.*?(?:</\1\s*>|\Z)", "", source)
    source = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li|/h\d|/table)\b[^>]*>", "\n", source)
    source = re.sub(r"(?i)</t[dh]\b[^>]*>", " ", source)
    source = re.sub(r"(?s)<!--.*?(?:-->|\Z)|<[a-zA-Z/!?][^<>]*>", "", source)
    return html.unescape(source)


def _laid_out(source: str) -> Page:
    # Loaded by the first HTML mail only: lxml is behind it.
    from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]  # ships no types
    from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]  # ships no types
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]  # ships no types
    from lxml.html import document_fromstring

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    if not source.strip() or not re.search(r"[^\s<>]", source):
        return Page(text="")
    tree = document_fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source))
    if _depth(tree) > DEEPEST:
        return Page(text="")
    hidden = _take_out_hidden(tree)
    _mark_quotes(tree)
    config = ParserConfig(css=CSS_PROFILES["strict"], display_images=False, display_links=False)
    return Page(text=Inscriptis(tree, config).get_text(), hidden=hidden)


def _depth(tree: HtmlElement) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
        if deepest > DEEPEST:
            break
    return deepest


def _take_out_hidden(tree: HtmlElement) -> str:
    """Remove what could not be seen; give back its words."""
    classes, ids = _hiding_rules(tree)
    words = []
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in {"html", "body", "head", "style", "script", "title"}:
            continue
        if _is_hidden(element, classes, ids) and element.getparent() is not None:
            words.append(" ".join(element.text_content().split()))
            element.drop_tree()
    return "\n".join(filter(None, words))[:10_000]


def _hiding_rules(tree: HtmlElement) -> tuple[set[str], set[str]]:
    """Classes and ids that the mail's own style sheet hides from everybody; rules for small screens are not that."""
    sheet = "\n".join(str(style.text or "") for style in tree.iter("style"))[:200_000]
    classes: set[str] = set()
    ids: set[str] = set()
    for rule in _HIDING_RULE.finditer(_MEDIA_BLOCK.sub("", sheet)):
        for selector in rule[1].split(","):
            if match := re.fullmatch(r"\s*[a-z0-9]*([.#])([\w-]+)\s*", selector, re.I):
                (classes if match[1] == "." else ids).add(match[2])
    return classes, ids


def _is_hidden(element: HtmlElement, classes: set[str], ids: set[str]) -> bool:
    style = re.sub(r"\s+", "", element.get("style") or "").lower()
    if element.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style)):
        return True
    if classes and classes.intersection((element.get("class") or "").split()):
        return True
    if ids and element.get("id") in ids:
        return True
    white = _WHITE.search(style) or (
        element.tag == "font" and (element.get("color") or "").lower() in {"white", "#ffffff", "#fff"}
    )
    return bool(white) and not _on_colour(element)


def _on_colour(element: HtmlElement) -> bool:
    """Some element around gives a background on which white words can be read."""
    around: HtmlElement | None = element
    while around is not None:
        style = re.sub(r"\s+", "", around.get("style") or "").lower()
        colour = (around.get("bgcolor") or "").lower()
        if _BACKGROUND.search(style) or (colour and colour not in {"white", "#ffffff", "#fff"}):
            return True
        around = around.getparent()
    return False


def _mark_quotes(tree: HtmlElement) -> None:
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.get("id") in _REST_IDS:
            element.text = f"{REST_IS_QUOTED}\n{element.text or ''}"
        elif _is_quote(element):
            element.text = f"{QUOTE_OPENS}\n{element.text or ''}"
            _append_text(element, f"\n{QUOTE_ENDS}")


def _is_quote(element: HtmlElement) -> bool:
    classes = set((element.get("class") or "").split())
    if element.tag == "blockquote":
        style = re.sub(r"\s+", "", element.get("style") or "").lower()
        return element.get("type") == "cite" or "gmail_quote" in classes or "border:none" not in style
    if element.tag in _QUOTE_TAGS or element.get("id") in _QUOTE_IDS or element.get("name") == "quote":
        return True
    return bool(classes & _QUOTE_CLASSES)


def _append_text(element: HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
