"""Log lines: structured, on stderr, and without personal data — not even inside a traceback."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict, WrappedLogger

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

# These libraries write addresses, URLs with tokens or whole mails at their chattier levels.
QUIET = ("aiohttp.access", "aioimaplib", "aiosmtplib", "urllib3", "wechatpy", "asyncio", "mail.log", "alembic")


def configure_logs(level: str) -> None:
    """Once, at the start of a process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            places_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # stderr as it is at that moment
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def places_only(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turn exc_info into kinds and places: an exception's message may quote the customer."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[1] is not None:
        event["trace"] = trace(info[1])
    return event


def trace(error: BaseException) -> list[str]:
    """Kind of the error and of its causes, with the last places of each."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None and len(lines) < 40:
        lines.append(type(current).__name__)
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)[-8:]
        ]
        current = current.__cause__ or current.__context__
    return lines


class PlacesOnly(logging.Formatter):
    """The same for libraries that use the standard logger: what they put into their words may be a customer's."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"event": record.name, "level": record.levelname.lower(), "message": template(record.msg)}
        error = record.exc_info[1] if record.exc_info else None
        return json.dumps(line | ({"trace": trace(error)} if error else {}), ensure_ascii=False)


def template(words: object) -> str:
    """What a library always says here, without what it says of this case; asyncio shows the things themselves."""
    return re.split(r"[<'\"\n]", str(words), maxsplit=1)[0].strip()[:200]


def die_quietly() -> None:
    """What ends a process, or a thread, is told by its kind and place as well."""
    sys.excepthook = lambda kind, error, _: _say("process_died", error)
    threading.excepthook = lambda told: _say("thread_died", told.exc_value)
    sys.unraisablehook = lambda told: _say("unraisable", told.exc_value)


def _say(event: str, error: BaseException | None) -> None:
    line = {"event": event, "level": "error", "trace": trace(error) if error else []}
    sys.stderr.write(json.dumps(line) + "\n")
