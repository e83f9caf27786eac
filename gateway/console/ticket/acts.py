"""The forms of a ticket, each read and handed to the casework that does it."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.casework import approvals
from gateway.casework.acts.assigning import assign, release, send_to
from gateway.casework.acts.classifying import classify
from gateway.casework.acts.confirming import confirm
from gateway.casework.acts.grading import grade
from gateway.casework.acts.linking import accept, accept_merging, link, refuse, unlink
from gateway.casework.acts.merging import merge, unmerge
from gateway.casework.acts.noting import note
from gateway.casework.acts.splitting import split
from gateway.casework.acts.withdrawing import withdraw
from gateway.casework.clocks import acts as clocks
from gateway.casework.clocks.special import ask_for_sixty
from gateway.casework.emergency import acts as emergencies
from gateway.casework.move import NoSuchComplaint, reread
from gateway.casework.retention.holding import hold, lift
from gateway.casework.retention.request import ask_to_erase
from gateway.console.ticket import told
from gateway.console.ticket.doing import Act, Doing
from gateway.console.ticket.forms import Form, Lacking
from gateway.staff.actor import Right
from gateway.staff.field_values import values_of
from gateway.staff.letter_shapes import FieldsGiven
from normalizer.number import parse_number

# What a form with several buttons or kinds may say.
LINKED_AS = ("related", "merge")
DECIDED_AS = ("merge", "accept", "refuse", "undo")
CLOCKED_AS = ("extend", "sixty", "agree", "restart")
REACTED_AS = ("take", "tick", "untick", "close")


async def _confirm(doing: Doing) -> None:
    """The value as it is: whoever confirms need not see it plainly on the screen."""
    name = doing.form.needed("field")
    case = await reread(doing.house, doing.number)
    await _keep(doing, {name: case.record.value(name)})


async def _correct(doing: Doing) -> None:
    given = FieldsGiven.model_validate(
        {
            "fields": {doing.form.needed("field"): doing.form.text("value")},
            "as_written": doing.form.ticked("as_written"),
        }
    )
    await _keep(doing, values_of(given), reason=doing.form.text("reason"))


async def _keep(doing: Doing, values: Mapping[str, str], reason: str = "") -> None:
    await confirm(doing.house, doing.submit, doing.number, values, actor=doing.actor, reason=reason)


async def _assign(doing: Doing) -> None:
    reason = doing.form.text("reason")
    if doing.form.text("person") == "none":
        await release(doing.house, doing.number, actor=doing.actor, reason=reason)
    else:
        await assign(doing.house, doing.number, doing.form.id("person"), actor=doing.actor, reason=reason)


async def _send_to(doing: Doing) -> None:
    branch = "" if (code := doing.form.needed("branch")) == "head" else code
    await send_to(doing.house, doing.number, branch, actor=doing.actor, reason=doing.form.text("reason"))


async def _classify(doing: Doing) -> None:
    await classify(
        doing.house,
        doing.submit,
        doing.number,
        actor=doing.actor,
        reason=doing.form.needed("reason"),
        category=doing.form.text("category"),
        category_detail=doing.form.text("category_detail"),
        product=doing.form.text("product"),
    )


async def _grade(doing: Doing) -> None:
    form = doing.form
    priority, reason = form.needed("priority"), form.needed("reason")
    await grade(doing.house, doing.submit, doing.number, priority, reason=reason, actor=doing.actor)


async def _note(doing: Doing) -> None:
    await note(doing.house, doing.number, text=doing.form.needed("text"), actor=doing.actor)


async def _link(doing: Doing) -> None:
    other, reason = _other(doing.form), doing.form.needed("reason")
    try:
        if doing.form.one_of("kind", LINKED_AS) == "merge":
            tell = doing.form.ticked("tell")
            await merge(doing.house, doing.number, other, reason=reason, tell=tell, actor=doing.actor)
        else:
            await link(doing.house, doing.number, other, reason=reason, actor=doing.actor)
    except NoSuchComplaint:
        raise Lacking("other") from None


def _other(form: Form) -> str:
    number = parse_number(form.needed("other"))
    if number is None:
        raise Lacking("other")
    return number


async def _unmerge(doing: Doing) -> None:
    await unmerge(doing.house, doing.number, reason=doing.form.needed("reason"), actor=doing.actor)


async def _decide_link(doing: Doing) -> None:
    form, id, reason = doing.form, doing.form.id("link"), doing.form.needed("reason")
    match form.one_of("what", DECIDED_AS):
        case "merge":
            await accept_merging(doing.house, id, reason=reason, tell=form.ticked("tell"), actor=doing.actor)
        case "accept":
            await accept(doing.house, id, reason=reason, actor=doing.actor)
        case "refuse":
            await refuse(doing.house, id, reason=reason, actor=doing.actor)
        case _:
            await unlink(doing.house, id, reason=reason, actor=doing.actor)


async def _split(doing: Doing) -> None:
    form = doing.form
    text, reason = form.needed("text"), form.needed("reason")
    await split(doing.house, doing.number, text=text, reason=reason, tell=form.ticked("tell"), actor=doing.actor)


async def _withdraw(doing: Doing) -> None:
    form = doing.form
    await withdraw(
        doing.house,
        doing.number,
        reason=form.needed("reason"),
        evidence=form.needed("evidence"),
        tell=form.ticked("tell"),
        actor=doing.actor,
        said_at=form.moment("said_at") if form.text("said_at") else None,
    )


async def _approve(doing: Doing) -> None:
    await approvals.approve(doing.house, doing.form.id("approval"), actor=doing.actor, number=doing.number)


async def _disapprove(doing: Doing) -> None:
    id, reason = doing.form.id("approval"), doing.form.needed("reason")
    await approvals.refuse(doing.house, id, reason=reason, actor=doing.actor, number=doing.number)


async def _take_back(doing: Doing) -> None:
    await approvals.take_back(doing.house, doing.form.id("approval"), actor=doing.actor, number=doing.number)


async def _clock(doing: Doing) -> None:
    house, number, form, login = doing.house, doing.number, doing.form, doing.actor.login
    match form.one_of("what", CLOCKED_AS):
        case "sixty":
            await ask_for_sixty(house, number, reason=form.needed("reason"), actor=login)
        case "agree":
            await clocks.agree(house, number, until=form.day("until"), evidence=form.needed("reason"), actor=login)
        case "restart":
            at = form.moment("received_at")
            await clocks.restart(house, number, received_at=at, reason=form.needed("reason"), actor=login)
        case _:
            await clocks.extend(house, number, reason=form.needed("reason"), actor=login)


async def _emergency(doing: Doing) -> None:
    house, form, id = doing.house, doing.form, doing.form.id("emergency")
    match form.one_of("what", REACTED_AS):
        case "take":
            await emergencies.take(house, id, doing.actor)
        case "tick":
            await emergencies.tick(house, id, form.needed("step"), doing.actor, form.text("note"))
        case "untick":
            await emergencies.untick(house, id, form.needed("step"), doing.actor, form.text("note"))
        case _:
            await emergencies.close(house, id, doing.actor, form.text("reason"))


async def _hold(doing: Doing) -> None:
    await hold(doing.house, doing.number, reason=doing.form.needed("reason"), actor=doing.actor)


async def _lift(doing: Doing) -> None:
    await lift(doing.house, doing.number, reason=doing.form.needed("reason"), actor=doing.actor)


async def _erase(doing: Doing) -> None:
    await ask_to_erase(doing.house, doing.number, reason=doing.form.needed("reason"), actor=doing.actor)


ACTS: Mapping[str, Act] = {
    "confirm": Act(right=Right.WORK, do=_confirm),
    "correct": Act(right=Right.WORK, do=_correct),
    "assign": Act(right=Right.WORK, do=_assign),
    "branch": Act(right=Right.ASSIGN, do=_send_to),
    "classify": Act(right=Right.WORK, do=_classify),
    "grade": Act(right=Right.WORK, do=_grade),
    "ask": Act(right=Right.WORK, do=told.ask_form, previewed=told.preview_ask_form),
    "reply": Act(right=Right.WORK, do=told.reply_form, previewed=told.preview_reply_form),
    "move": Act(right=Right.WORK, do=told.move_form, previewed=told.preview_move_form),
    "note": Act(right=Right.WORK, do=_note),
    "link": Act(right=Right.WORK, do=_link),
    "unmerge": Act(right=Right.WORK, do=_unmerge),
    "decide": Act(right=Right.WORK, do=_decide_link),
    "split": Act(right=Right.WORK, do=_split),
    "withdraw": Act(right=Right.WORK, do=_withdraw),
    "refuse": Act(right=Right.WORK, do=told.refuse_form, previewed=told.preview_refuse_form),
    "approve": Act(right=Right.APPROVE, do=_approve),
    "disapprove": Act(right=Right.APPROVE, do=_disapprove),
    "take_back": Act(right=Right.WORK, do=_take_back),
    "clock": Act(right=Right.WORK, do=_clock),
    "emergency": Act(right=Right.WORK, do=_emergency),
    "hold": Act(right=Right.APPROVE, do=_hold),
    "lift": Act(right=Right.APPROVE, do=_lift),
    "erase": Act(right=Right.WORK, do=_erase),
}
