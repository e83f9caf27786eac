"""The rules as data: TOML files of ``normalizer/rules``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

RULE_FILES = (
    "categories",
    "completeness",
    "identifiers",
    "intents",
    "names",
    "places",
    "products",
    "requests",
    "respondents",
    "roles",
    "text",
    "urgency",
)


@cache
def rules(name: str) -> dict[str, Any]:
    """One rules file by its name without ending; every file has ``version`` and ``effective_from``."""
    return tomllib.loads(files("normalizer.rules").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def versions() -> dict[str, str]:
    """Which version of each rules file decided, for ``--explain`` and the audit trail."""
    return {name: f"{rules(name)['version']} from {rules(name)['effective_from']}" for name in RULE_FILES}
