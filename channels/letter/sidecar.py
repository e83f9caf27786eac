"""What the mailroom knows of a letter and the scan does not say: a small JSON file beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from channels.letter.days import NOT_LIKELY, is_likely
from channels.letter.naming import is_plain

MOST_BYTES = 64 * 1024
MOST_FILES = 40
MOST_NUMBER = 64  # characters of a tracking number
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[0-9A-Za-z .:/_-]*")


class Broken(ValueError):
    """The sidecar cannot be used; the words say why, in Chinese and English."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sidecar:
    """All of it may be left out; ``files`` empty: the one file or folder of the same name."""

    received_on: date | None = None
    postmark: date | None = None
    tracking_number: str = ""
    envelope: str = ""  # name of the file with the envelope
    files: tuple[str, ...] = ()


def parse_sidecar(content: bytes, today: date) -> Sidecar:
    """Unknown keys mean nothing to us. Raises Broken."""
    given = _object(content)
    received_on = _day(given, "received_on")
    if not is_likely(received_on, today):
        raise Broken(NOT_LIKELY)
    return Sidecar(
        received_on=received_on,
        postmark=_day(given, "postmark"),
        tracking_number=_tracking(given.get("tracking_number")),
        envelope=_name(given.get("envelope"), "envelope"),
        files=_files(given.get("files")),
    )


def _object(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES:
        raise Broken(f"说明文件过大 / the sidecar is larger than {MOST_BYTES} bytes")
    try:
        given = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Broken("说明文件不是有效的 JSON / the sidecar is not JSON") from error
    if not isinstance(given, dict):
        raise Broken("说明文件应为 JSON 对象 / the sidecar must be a JSON object")
    return given


def _day(given: Mapping[str, Any], key: str) -> date | None:
    told = given.get(key)
    if told is None or told == "":
        return None
    try:
        if isinstance(told, str) and _DAY.fullmatch(told):
            return date.fromisoformat(told)
    except ValueError:
        pass
    raise Broken(f"{key} 应为日期，如 2026-11-23 / {key} must be a day such as 2026-11-23")


def _tracking(told: Any) -> str:
    number = str(told) if isinstance(told, int) and not isinstance(told, bool) else told
    if number is None:
        return ""
    if isinstance(number, str) and len(number) <= MOST_NUMBER and _NUMBER.fullmatch(number):
        return number.strip()
    raise Broken("tracking_number 应为字母和数字 / tracking_number must be letters and digits")


def _name(told: Any, key: str) -> str:
    if told is None or told == "":
        return ""
    if isinstance(told, str) and is_plain(told):
        return told
    raise Broken(f"{key} 应为同一文件夹中的文件名 / {key} must name files in the same folder")


def _files(told: Any) -> tuple[str, ...]:
    if told is None:
        return ()
    if not isinstance(told, list) or len(told) > MOST_FILES:
        raise Broken(f"files 应为至多 {MOST_FILES} 个文件名的列表 / files must list at most {MOST_FILES} names")
    names = tuple(_name(each, "files") for each in told)
    if "" in names or len({*names}) < len(names):
        raise Broken("files 中有空的或重复的文件名 / files holds an empty name or one name twice")
    return names
