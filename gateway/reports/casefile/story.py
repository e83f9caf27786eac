"""The timeline as a page to read and print, which loads nothing from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from gateway.console.wording import wording
from gateway.reports.casefile.readme import kind
from gateway.staff.shapes import Ticket
from normalizer.record import SHANGHAI


def story(ticket: Ticket) -> bytes:
    """HTML; every word of the customer's is escaped."""
    return _template().render(ticket=ticket).encode()


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["moment"] = lambda at: at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    environment.filters["kind"] = kind
    environment.filters["status"] = lambda code: f"{wording('zh').code('status', code)} {code}"
    return environment.get_template("timeline.html")
