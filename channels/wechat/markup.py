"""WeChat's XML (or JSON) as a plain dict, with limits, and with every space that the person typed.

Not xmltodict: it strips the text (a complaint is evidence), and reads nesting of any depth before it says anything.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from typing import TypeAlias
from xml.parsers import expat

Node: TypeAlias = "str | dict[str, Node] | list[Node]"
Fields = Mapping[str, Node]

FORBIDDEN = bytes(set(range(32)) - {9, 10, 13})  # XML 1.0, section 2.2
MAX_DEPTH = 12  # pic_sysphoto, the deepest known, has 5
MAX_ELEMENTS = 2_000
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding=["']([A-Za-z0-9_.-]{1,40})["']""")
CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}  # expat knows none of them


class Malformed(ValueError):
    """Neither XML nor JSON of the kind that WeChat sends."""


def read_fields(body: bytes) -> dict[str, Node]:
    """The fields of one item; a repeated name becomes a list. Raises Malformed."""
    content = body.removeprefix(codecs.BOM_UTF8).lstrip()
    return _read_json(content) if content.startswith(b"{") else _read_xml(content)


def one(fields: Fields, name: str) -> str:
    """The text of a field, empty when it is not there. Raises Malformed when it is there twice or has parts."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Malformed(f"{name} is not one value")
    return value


class _Reader:
    """Expat's events, gathered into dicts."""

    def __init__(self) -> None:
        self.open: list[tuple[str, dict[str, Node], list[str]]] = []
        self.elements = 0
        self.root: tuple[str, Node] | None = None

    def parse(self, content: bytes) -> None:
        """The parser holds us and not we it: a ring of the two would wait for the garbage collector."""
        parser = expat.ParserCreate("utf-8")  # our word goes over the prolog's, which may lie
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.data
        parser.StartDoctypeDeclHandler = self.doctype
        parser.Parse(content, True)

    def start(self, name: str, _attributes: object) -> None:
        self.elements += 1
        if len(self.open) >= MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise Malformed("nested too deeply, or too many elements")
        self.open.append((name, {}, []))

    def end(self, _name: str) -> None:
        name, children, text = self.open.pop()
        value: Node = children or "".join(text)
        if self.open:
            _add(self.open[-1][1], name, value)
        else:
            self.root = (name, value)

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1][2].append(text)

    def doctype(self, *_declaration: object) -> None:
        raise Malformed("a document type is declared")  # the door of every entity attack; WeChat never does


def _read_xml(content: bytes) -> dict[str, Node]:
    try:
        reader = _parsed(_as_utf8(content))
    except (expat.ExpatError, UnicodeError) as error:
        raise Malformed("not XML") from error
    if reader.root is None or reader.root[0] != "xml" or not isinstance(reader.root[1], dict):
        raise Malformed("no <xml> with fields in it")
    return reader.root[1]


def _parsed(content: bytes) -> _Reader:
    """A control character that XML forbids, pasted into a message, must not cost the person their words."""
    reader = _Reader()
    try:
        reader.parse(content)
    except expat.ExpatError:
        harmless = content.translate(None, FORBIDDEN)
        if harmless == content:
            raise
        reader = _Reader()
        reader.parse(harmless)
    return reader


def _as_utf8(content: bytes) -> bytes:
    declared = DECLARED.match(content)
    codec = CHINESE.get(declared[1].decode("ascii").lower()) if declared else None
    if codec is None or _is_utf8(content):
        return content
    return content.decode(codec).encode()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_json(content: bytes) -> dict[str, Node]:
    try:
        found = json.loads(content, object_pairs_hook=_gather)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(found, dict) or not found:
        raise Malformed("no JSON object with fields in it")
    _check_depth(found, MAX_DEPTH)
    return found


def _check_depth(node: Node, left: int) -> None:
    if left == 0:
        raise Malformed("nested too deeply")
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for part in parts:
        _check_depth(part, left - 1)


def _gather(pairs: list[tuple[str, object]]) -> dict[str, Node]:
    gathered: dict[str, Node] = {}
    for name, value in pairs:
        _add(gathered, name, _node(value))
    return gathered


def _node(value: object) -> Node:
    if isinstance(value, dict):
        return value  # gathered before
    if isinstance(value, list):
        return [_node(part) for part in value]
    if isinstance(value, str):  # JSON can carry what no database takes: half characters and NUL
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    return "" if value is None else str(value)


def _add(fields: dict[str, Node], name: str, value: Node) -> None:
    before = fields.get(name)
    if before is None:
        fields[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        fields[name] = [before, value]
