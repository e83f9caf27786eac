"""The codes that staff choose from: categories, products and grades, as the rules in force know them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gateway.casework.acts.refusals import NoSuchCode
from normalizer.rulebook import rules

GRADES = ("P0", "P1", "P2", "P3")  # the gravest first
MAIN, OTHER = 3, "C99"  # characters of a category; what fits nowhere


def details() -> Mapping[str, str]:
    """Codes of the second level, with their names."""
    return {row["code"]: row["name"] for row in rules("categories")["detail"]}


def categories() -> tuple[str, ...]:
    """Codes of the first level."""
    return tuple(sorted({code[:MAIN] for code in details()} | {OTHER}))


def products() -> tuple[str, ...]:
    """Codes of products; one of five characters is a part of the line before it."""
    return tuple(sorted({row["code"] for row in rules("products")["product"]}))


def check_code(field: str, code: str) -> None:
    """Raises NoSuchCode, which names the field."""
    if code not in _known(field):
        raise NoSuchCode(field)


def _known(field: str) -> Collection[str]:
    match field:
        case "category":
            return categories()
        case "category_detail":
            return details()
        case "product":
            return products()
    return GRADES
