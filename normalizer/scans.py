"""A scan as JSON and back; the pictures of its pages are kept elsewhere and left out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from normalizer.record import Box, PageKind, Scan, ScanLine, ScanPage


def scan_to_json(scan: Scan) -> dict[str, Any]:
    """What ``scan_from_json`` understands."""
    return {
        "pages": [_page_to_json(page) for page in scan.pages],
        "codes": list(scan.codes),
        "marks": sorted(scan.marks),
        "engine": scan.engine,
        "settings": dict(scan.settings),
        "likeness": scan.likeness,
    }


def _page_to_json(page: ScanPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "kind": page.kind.value,
        "rotation": page.rotation,
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "lines": [_line_to_json(line) for line in page.lines],
        "to_original": list(page.to_original),
        "by": page.by,
        "warnings": list(page.warnings),
    }


def _line_to_json(line: ScanLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "box": list(line.box),
        "score": line.score,
        "start": line.start,
        "others": list(line.others),
    }


def scan_from_json(fields: Mapping[str, Any]) -> Scan:
    """The scan again, its pages without pictures. Raises KeyError, TypeError or ValueError for what is none."""
    return Scan(
        pages=tuple(_page(page) for page in fields["pages"]),
        codes=_words(fields["codes"]),
        marks=frozenset(_words(fields["marks"])),
        engine=str(fields["engine"]),
        settings=MappingProxyType({str(name): str(value) for name, value in fields["settings"].items()}),
        likeness=str(fields["likeness"]),
    )


def _page(fields: Mapping[str, Any]) -> ScanPage:
    return ScanPage(
        number=int(fields["number"]),
        kind=PageKind(fields["kind"]),
        rotation=int(fields["rotation"]),
        width=int(fields["width"]),
        height=int(fields["height"]),
        dpi=int(fields["dpi"]),
        lines=tuple(_line(line) for line in fields["lines"]),
        to_original=tuple(float(value) for value in fields["to_original"]),
        by=str(fields["by"]),
        warnings=_words(fields["warnings"]),
    )


def _line(fields: Mapping[str, Any]) -> ScanLine:
    return ScanLine(
        text=str(fields["text"]),
        box=_box(fields["box"]),
        score=float(fields["score"]),
        start=int(fields["start"]),
        others=_words(fields["others"]),
    )


def _box(values: list[Any]) -> Box:
    left, top, right, bottom = (int(value) for value in values)
    return left, top, right, bottom


def _words(values: list[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
