"""What an insurer keeps in a file of its own: read, checked, and refused in words that say where."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)

MOST_TOLD = 300  # characters of names that somebody made up


def parsed(file: Path, broken: type[ValueError]) -> dict[str, Any]:
    """What a TOML file says; raises ``broken``."""
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))  # Windows editors put a mark in front
    except (OSError, ValueError, RecursionError) as error:
        raise broken(f"{file.name}: {type(error).__name__}") from error


def checked(model: type[Model], data: Mapping[str, Any], file: Path, broken: type[ValueError]) -> Model:
    """The data as what they must be; raises ``broken`` with the place of the first fault in ``file``."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"]))[:MOST_TOLD]
        raise broken(f"{file.name}: {where}: {fault['msg']}") from None
