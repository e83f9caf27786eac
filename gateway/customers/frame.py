"""How a customer's page is put together: words in their language, a template, and headers that keep it to itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

from gateway.every_answer import is_behind_https
from gateway.house import House
from gateway.intake.phrases import LANGUAGES, Phrases, phrases
from gateway.medium import Medium
from normalizer.record import SHANGHAI

FOLDER = Path(__file__).parent
CHOSEN = "tousu_page_language"  # cookie
NAMES = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'",
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
YEAR = 365 * 24 * 3600


class Words:
    """The words of our pages in one language: ``t("complain.title")``."""

    def __init__(self, language: str, texts: Mapping[str, Mapping[str, str]]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, name: str, /, **values: str) -> str:
        """The phrase, filled in. A missing one is a mistake of ours and raises KeyError."""
        section, _, key = name.partition(".")
        return self._texts[section][key].format_map(values)


@cache
def words_of(language: str) -> Words:
    text = (files(__package__) / "words" / f"{language}.toml").read_text("utf-8")
    return Words(language, tomllib.loads(text))


def language_of(request: web.Request) -> str:
    """The one they chose, else what their browser tells, else simplified Chinese."""
    for told in (request.query.get("lang", ""), request.cookies.get(CHOSEN, "")):
        if told in LANGUAGES:
            return told
    return _of_browser(request.headers.get("Accept-Language", "").lower())


def _of_browser(wanted: str) -> str:
    if wanted.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
        return "zh-Hant"
    return "en" if wanted.startswith("en") else "zh-Hans"


def phrases_of(language: str) -> Phrases:
    return phrases(language, Medium.PAGE)


class Frame:
    """Renders the pages of customers."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["moment"] = lambda at: at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

    def render(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """Templates also know t (our words), say (what is said of complaints), language, languages, org and phone."""
        language = language_of(request)
        text = self._templates.get_template(template).render(
            t=words_of(language),
            say=phrases_of(language),
            language=language,
            languages=NAMES,
            here=_page(request),
            org=self._house.settings.org_name,
            hotline=self._house.settings.phone_number,
            **values,
        )
        response = web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)
        if request.query.get("lang") in LANGUAGES:
            secure = is_behind_https(self._house.settings)
            response.set_cookie(CHOSEN, language, max_age=YEAR, path="/", samesite="Lax", httponly=True, secure=secure)
        return response


def _page(request: web.Request) -> str:
    """Where this page is shown again; what a form led to is shown by the page of the form."""
    return request.path if request.method == "GET" else "/" + request.path.split("/")[1]


def away(path: str) -> web.Response:
    """After a form: to the page that shows what became of it."""
    return web.Response(status=303, headers={**HEADERS, "Location": path})
