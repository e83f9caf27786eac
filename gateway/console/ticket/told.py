"""The forms whose words reach the customer, each with the preview that is read before."""

from __future__ import annotations

from gateway.casework.acts.asking import ask
from gateway.casework.acts.preview import Preview, preview, preview_of_ask, preview_of_reply
from gateway.casework.acts.replying import reply
from gateway.casework.decision import Decision
from gateway.casework.lifecycle import Outcome, Status
from gateway.casework.move import move
from gateway.casework.not_handled import ask_not_to_handle, preview_of_not_handling
from gateway.console.ticket.doing import Doing
from gateway.console.ticket.forms import Form, Lacking


async def ask_form(doing: Doing) -> None:
    items, words = _asked(doing.form)
    await ask(doing.house, doing.number, items=items, words=words, actor=doing.actor)


async def preview_ask_form(doing: Doing) -> Preview:
    items, words = _asked(doing.form)
    return await preview_of_ask(doing.house, doing.number, items=items, words=words, actor=doing.actor)


def _asked(form: Form) -> tuple[tuple[str, ...], str]:
    """Items, and words beside or instead of them. Raises Lacking."""
    items, words = form.all("item"), form.text("words")
    if not items and not words:
        raise Lacking("items")
    return items, words


async def reply_form(doing: Doing) -> None:
    await reply(doing.house, doing.number, text=doing.form.needed("text"), actor=doing.actor)


async def preview_reply_form(doing: Doing) -> Preview:
    return await preview_of_reply(doing.house, doing.number, text=doing.form.needed("text"), actor=doing.actor)


async def move_form(doing: Doing) -> None:
    form, status = doing.form, _status(doing.form)
    await move(
        doing.house,
        doing.number,
        status,
        note=form.text("note"),
        tell=form.ticked("tell"),
        actor=doing.actor,
        decision=_decision(form, status),
        outcome=_outcome(form, status),
    )


async def preview_move_form(doing: Doing) -> Preview | None:
    form, status = doing.form, _status(doing.form)
    if not form.ticked("tell"):
        return None
    return await preview(
        doing.house,
        doing.number,
        status,
        note=form.text("note"),
        actor=doing.actor,
        decision=_decision(form, status),
        outcome=_outcome(form, status),
    )


def _status(form: Form) -> Status:
    try:
        return Status(form.needed("status"))
    except ValueError:
        raise Lacking("status") from None


def _outcome(form: Form, status: Status) -> Outcome | None:
    """Of a decision alone. Raises Lacking."""
    if status is not Status.DECIDED or not form.text("outcome"):
        return None
    try:
        return Outcome(form.text("outcome"))
    except ValueError:
        raise Lacking("outcome") from None


def _decision(form: Form, status: Status) -> Decision | None:
    parts = {name: form.text(name) for name in ("verified", "basis", "remedies")}
    return Decision(**parts) if status is Status.DECIDED and any(parts.values()) else None


async def refuse_form(doing: Doing) -> None:
    code, why = doing.form.needed("code"), doing.form.text("note")
    await ask_not_to_handle(doing.house, doing.number, code=code, note=why, actor=doing.actor)


async def preview_refuse_form(doing: Doing) -> Preview:
    code, why = doing.form.needed("code"), doing.form.text("note")
    return await preview_of_not_handling(doing.house, doing.number, code=code, note=why, actor=doing.actor)
