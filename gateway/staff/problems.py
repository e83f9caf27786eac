"""Every refusal of the API as one kind of answer: application/problem+json (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from pydantic import ValidationError

from store.errors import Busy

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MEDIA_TYPE = "application/problem+json"
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
NOTHING: Mapping[str, str] = {}
MOST_ERRORS = 20
A_NAME = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)

# Our code of a problem → its title; a status without a code of its own is titled as HTTP does.
TITLES: Mapping[str, str] = {
    "off": "The API is off: no service token is configured",
    "unauthorized": "A valid service token is needed",
    "not_yours": "Your roles do not allow this",
    "forged": "The request does not bear the token of your session",
    "no_such_person": "There is no such person",
    "no_such_branch": "There is no such branch",
    "no_such_approval": "There is no such approval",
    "login_taken": "This login is taken",
    "login_form": "A login has 2 to 64 small letters, digits or . _ - @",
    "last_admin": "This is the last administrator, who must stay one",
    "branch_loop": "A branch cannot lie below itself",
    "branch_form": "A branch's code has small letters, digits and hyphens",
    "branch_name": "A branch has a name",
    "email": "This is no e-mail address",
    "no_such_complaint": "There is no such complaint",
    "no_such_attachment": "There is no such attachment",
    "visit_over": "This visit is over; send the whole complaint again, without one",
    "no_such_task": "There is no such task",
    "no_such_call": "There is no such call",
    "no_such_item": "There is no such item in quarantine",
    "never_checked": "Nobody has looked at the books yet",
    "no_such_letter": "There is no such letter",
    "no_such_picture": "There is no picture of this page",
    "no_such_page": "No list of ours goes on at this cursor",
    "not_allowed": "The complaint cannot take this step now",
    "not_here_yet": "The attachment is still being fetched",
    "no_such_part": "The attachment has no such part",
    "lost": "The attachment is gone at its provider",
    "damaged": "What is stored is not what was stored; a person must look",
    "cannot_replay": "The channel of the item is off",
    "already_done": "The task is done already",
    "invalid": "The request does not say what it must",
    "closed": "The complaint is closed; its values stand",
    "not_taken": "The values were kept, but the complaint does not have them; a person must look",
    "not_yet": "This day has not come yet",
    "private_in_url": "A person's own values do not stand in a URL, which others log; send them in a body",
    "too_long_ago": "No post is that old; the day is a slip of the pen",
    "not_possible": "The letter cannot come into this state from where it is",
    "check_failed": "A check digit does not fit; if the customer wrote it so, say as_written",
    "unreadable": "It can be nothing that we read",
    "letters_off": "Letters are off: no folder for them is configured",
    "no_such_endpoint": "There is no such endpoint",
    "no_such_emergency": "There is no such emergency",
    "no_such_plan": "There is no plan of this kind",
    "bad_url": "This address cannot be called",
    "unknown_events": "There is no event of this name",
    "not_now": "The emergency is not in a state for this",
    "malformed": "The body is not JSON",
    "malformed_form": "The form is broken",
    "form_only": "The body must be multipart/form-data",
    "too_large": "The body is too large",
    "json_only": "The body must be application/json",
    "too_slow": "The body did not arrive in time",
    "merged_away": "It was merged into another complaint; work goes on there",
    "in_conflict": "Whoever a complaint is about does not handle it",
    "unfit": "This person or branch cannot have the complaint",
    "no_such_code": "The rules know no such code",
    "nothing_new": "It is so already",
    "asked_enough": "The customer was asked for this twice; go on with what is there",
    "not_their_words": "What is taken out does not stand in the complaint",
    "not_linkable": "These two cannot be linked so",
    "no_such_link": "There is no such link, or not in this state",
    "out_of_time": "This moment cannot be",
    "unheard": "Nothing is said, or the customer may not be told anything there",
    "approval_refused": "Not now, or not by this person",
    "clock_refused": "The clock of this complaint does not allow this now",
    "busy": "The database is busy; try again",
    "failed": "Something went wrong on our side",
}


class Problem(Exception):
    """A request that is refused: its status, our code, and what the caller can do about it."""

    def __init__(
        self, status: int, code: str, detail: str = "", *, headers: Mapping[str, str] = NOTHING, **more: Any
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.headers, self.more = status, code, detail, headers, more

    def response(self) -> web.Response:
        """The answer; it never repeats what the caller sent, which may be personal data."""
        title = TITLES.get(self.code, HTTPStatus(self.status).phrase)
        facts = {"type": f"urn:tousu:problem:{self.code}", "title": title, "status": self.status, "code": self.code}
        detail = {"detail": self.detail} if self.detail else {}
        body = json.dumps({**facts, **detail, **self.more}, ensure_ascii=False).encode()
        return web.Response(status=self.status, body=body, content_type=MEDIA_TYPE, headers=dict(self.headers))


def invalid(error: ValidationError) -> Problem:
    """A request whose parts are not what they should be; each named, none repeated."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(400, "malformed")
    errors = [{"where": ".".join(map(_named, fault["loc"])), "why": fault["msg"]} for fault in faults[:MOST_ERRORS]]
    return Problem(422, "invalid", errors=errors)


def _named(part: int | str) -> str:
    """A field that we may know; what somebody made up may be a person's own words or number."""
    return str(part) if isinstance(part, int) or A_NAME.fullmatch(part) else "?"


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong leaves as a problem; what we did not foresee is logged by its kind alone."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except web.HTTPException as error:
        return _of_http(error).response()
    except Busy:
        return Problem(503, "busy", headers={"Retry-After": "1"}).response()
    except Exception as error:
        log.error("api_failed", error=type(error).__name__, route=_route(request))
        return Problem(500, "failed").response()


def _of_http(error: web.HTTPException) -> Problem:
    code = HTTPStatus(error.status).phrase.lower().replace(" ", "_")
    headers = {name: error.headers[name] for name in KEPT_HEADERS if name in error.headers}
    return Problem(error.status, code, headers=headers)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
