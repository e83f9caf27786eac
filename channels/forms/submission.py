"""From what was typed and attached to the submission that the gateway takes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from channels.forms.item import FormItem, pack
from normalizer.record import Attachment, Contact, ContactKind, Submission, Thread

# What a form may ask for by name; anything else it sends is left out.
NAMES = (
    "complainant_name",
    "party_role",
    "phone",
    "email",
    "id_number",
    "policy_number",
    "claim_number",
    "address",
    "respondent",
    "request",
    "reason",
)
LANGUAGE = "language"  # also given by name: that of the page on which it was written
LONGEST_VALUE = 2000  # characters of a field that are read as that field


def submission_of_form(
    channel: str,
    visit: str,
    values: Mapping[str, str],
    text: str,
    files: tuple[Attachment, ...],
    *,
    token: str,
    at: datetime,
    language: str = "",
    thread: Thread | None = None,
) -> Submission:
    """One filled form as an item; ``token`` is the same for a double click and a reload, and then so is the item.

    ``values`` are by the names in ``NAMES``, ``text`` is what happened, ``thread`` the complaint to which it adds.
    """
    form = FormItem(
        visit=visit,
        text=(text or values.get("matter", "")).strip(),
        given=_given(values, language),
        files=files,
        thread=thread,
    )
    return submission_of(channel, key_of(visit, token), at, form)


def submission_of(channel: str, key: str, at: datetime, form: FormItem, raw: bytes = b"") -> Submission:
    """The form as a submission; ``raw`` where its bytes are known already.

    Nothing is cut: what is too long for its field stands whole among the words too.
    """
    return Submission(
        channel=channel,
        key=key,
        sender=visitor(form.visit),
        received_at=at,
        text="\n".join((form.text, *(each for each in form.given.values() if len(each) > LONGEST_VALUE))),
        given=MappingProxyType({name: value[:LONGEST_VALUE] for name, value in form.given.items()}),
        attachments=form.files,
        thread=form.thread,
        raw=raw or pack(form),
    )


def visitor(visit: str) -> Contact:
    """Whoever came, by the id that we gave them."""
    return Contact(kind=ContactKind.VISIT, value=visit)


def key_of(visit: str, token: str) -> str:
    """Bound to the visit: another's token leads nobody to another's answer."""
    return hashlib.sha256(f"{visit}\0{token}".encode()).hexdigest()


def _given(values: Mapping[str, str], language: str) -> Mapping[str, str]:
    given = {name: values[name].strip() for name in NAMES if values.get(name, "").strip()}
    return MappingProxyType(given | ({LANGUAGE: language} if language else {}))
