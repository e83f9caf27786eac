"""What a form of ``/complain`` says of a complaint: what is typed, what is asked, and where its draft stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from channels.forms import NAMES, Refused, checked_files
from gateway.customers.body import Sent
from gateway.customers.drafts import Draft
from gateway.customers.frame import Words, language_of, words_of
from gateway.customers.taking import Taken
from normalizer.record import Attachment

KEPT = ("matter", *NAMES, "declared")
FIELD_OF = {"contact": "phone"}  # where on the page a question stands
Problem = tuple[str, str]  # field, words


def lacking(draft: Draft, words: Words) -> list[Problem]:
    """Nothing told, or not declared."""
    problems = [("matter", words("asks.matter"))] if not draft.values.get("matter", "").strip() else []
    return problems + ([("declared", words("asks.declared"))] if not draft.values.get("declared") else [])


def typed(sent: Sent) -> Mapping[str, str]:
    return {name: sent.get(name) for name in KEPT if sent.get(name)}


def not_saved(request: web.Request, trouble: str) -> list[Problem]:
    """Why the draft is not saved, said above the form; nothing where it is."""
    return [("", words_of(language_of(request))(f"trouble.{trouble}"))] if trouble else []


def files_in(sent: Sent, words: Words) -> tuple[str, tuple[Attachment, ...]]:
    """Why the files are not taken, or the files."""
    try:
        return "", checked_files(sent.files)
    except Refused as refused:
        return words(f"trouble.{refused.why}", name=refused.name), ()


def asked(words: Words, draft: Draft) -> list[Problem]:
    """The questions of the dialogue, each at its field; then what we could not make out."""
    fields = [FIELD_OF.get(name, name) for name in draft.missing]
    asked = [(field, words(f"asks.{field}")) for field in fields if field not in draft.doubtful]
    return asked + doubts(words, draft)


def doubts(words: Words, draft: Draft) -> list[Problem]:
    return [(name, words(f"doubt.{name}")) for name in draft.doubtful]


def stands_after(draft: Draft, taken: Taken) -> Draft:
    """Where the visit stands now; what is asked no more is left to staff."""
    return replace(
        draft,
        sent=draft.values,
        number=taken.number,
        missing=taken.missing,
        doubtful=taken.doubtful,
        text=taken.text,
        danger=taken.danger,
        done=not taken.missing,
    )
