"""What the sandbox page shows, as JSON: everybody's side at one moment. Unmasked, as everything in it is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels.wechat.simulator import Line
from gateway.operations.demo.call_view import call_facts
from gateway.operations.demo.cast import CALLERS, WRITERS, Player
from gateway.operations.demo.colleagues import COLLEAGUES
from gateway.operations.demo.letter_view import letter_facts
from gateway.operations.demo.phone_view import phone_facts
from gateway.operations.demo.post import Letter
from gateway.operations.demo.record_view import case_facts, head_facts
from gateway.operations.demo.stage import Stage
from normalizer.record import ContactKind
from store.unit import Unit
from store.values import Case, Parcel, Task

Facts = dict[str, Any]

MOST_CASES = 40
MOST_LINES = 120
MOST_LETTERS = 60
MOST_PARCELS = 40
MOST_TASKS = 40
PLACES = {"web": "网站", "counter": "柜面"}  # where somebody came who has no address there


async def look(stage: Stage, chosen: str) -> Facts:
    """Everything; ``chosen`` is the number of the case to show whole, empty for the one that moved last."""
    async with stage.gateway.house.store.reading() as unit:
        cases = await unit.complaints.search(limit=MOST_CASES)
        case = _chosen(cases, chosen)
        return {
            "now": stage.clock.now().isoformat(timespec="seconds"),
            "ahead": int(stage.clock.ahead.total_seconds()),
            "menu": _menu(stage),
            "people": [_person(stage, player) for player in stage.diary.followers],
            "colleagues": [{"login": each.login, "name": each.name, "role": each.role} for each in COLLEAGUES],
            "phone": phone_facts(stage),
            "letters": await letter_facts(stage, unit, {each.id: each for each in cases}),
            "mailboxes": [_mailbox(stage, player) for player in WRITERS],
            "cases": [_entry(stage, each) for each in cases],
            "case": await case_facts(unit, case, stage.clock.now()) if case else None,
            "parcels": [_parcel(stage, each) for each in await unit.outbox.recent(MOST_PARCELS)],
            "tasks": [_task(each) for each in await _tasks(unit)],
            **await call_facts(unit),
        }


def _chosen(cases: Sequence[Case], number: str) -> Case | None:
    by_number = {case.number: case for case in cases}
    moved_last = max(cases, key=lambda case: (case.updated_at or case.received_at, case.id), default=None)
    return by_number.get(number, moved_last)


def _menu(stage: Stage) -> list[Facts]:
    return [{"key": button["key"], "name": button["name"]} for button in stage.wechat.platform.menu.get("button", ())]


# -- WeChat ----------------------------------------------------------------------------------------------------------


def _person(stage: Stage, player: Player) -> Facts:
    person = stage.wechat.person(player.address)
    now = stage.clock.now()
    first = max(0, len(person.chat) - MOST_LINES)
    window = person.after_message
    return {
        "openid": player.address,
        "name": player.name,
        "following": person.following,
        "typing": stage.customers.waiting[player.address] > 0,
        "allowance": window.left if window.open(now) else 0,
        "window_until": _iso(window.until) if window.open(now) else None,
        "lines": [_line(stage, player, place, line) for place, line in enumerate(person.chat[first:], first)],
    }


def _line(stage: Stage, player: Player, place: int, line: Line) -> Facts:
    media = stage.customers.media.get((player.address, place))
    return {
        "id": place,
        "at": _iso(line.at),
        "by": line.by,
        "text": _spoken(stage, line),
        "fields": dict(line.fields),
        "link": line.link,
        "picture": f"/sandbox/files/{media.id}" if media else "",
    }


def _spoken(stage: Stage, line: Line) -> str:
    """A menu click by the button's name."""
    names = {f"[菜单] {button['key']}": f"[{button['name']}]" for button in _menu(stage)}
    return names.get(line.text, line.text)


# -- e-mail ----------------------------------------------------------------------------------------------------------


def _mailbox(stage: Stage, player: Player) -> Facts:
    return {
        "address": player.address,
        "name": player.name,
        "part": player.part,
        "letters": [_letter(letter) for letter in stage.customers.mailbox(player.address)[-MOST_LETTERS:]],
    }


def _letter(letter: Letter) -> Facts:
    return {
        "id": letter.id,
        "sent": letter.sent,
        "at": _iso(letter.at),
        "who": letter.who,
        "subject": letter.subject,
        "text": letter.text,
        "files": list(letter.files),
    }


# -- the insurer's side ----------------------------------------------------------------------------------------------


def _entry(stage: Stage, case: Case) -> Facts:
    return {
        **head_facts(case),
        "who": _who(stage, case.contact.kind, case.contact.value)
        or case.record.value("complainant_name")
        or _place(case.channel),
    }


def _who(stage: Stage, kind: ContactKind, address: str) -> str:
    """A player's name, else the address; a visit has neither."""
    if kind is ContactKind.VISIT:
        return ""
    players = stage.diary.followers if kind is ContactKind.OPENID else (*WRITERS, *CALLERS)
    return next((player.name for player in players if player.address == address), address)


def _place(channel: str) -> str:
    return PLACES.get(channel, "")


def _parcel(stage: Stage, parcel: Parcel) -> Facts:
    return {
        "id": parcel.id,
        "number": parcel.number,
        "channel": parcel.channel,
        "to": _who(stage, parcel.to.kind, parcel.to.value) or _place(parcel.channel),
        "kind": parcel.kind,
        "text": parcel.text,
        "state": parcel.state,
        "via": parcel.via,
        "attempts": parcel.attempts,
        "error": parcel.error,
        "created_at": _iso(parcel.created_at),
        "sent_at": _iso(parcel.sent_at),
    }


async def _tasks(unit: Unit) -> list[Task]:
    """Open ones, pages first, then by when they are due."""
    tasks = await unit.tasks.list(limit=MOST_TASKS)
    return sorted(tasks, key=lambda task: (task.kind != "page", task.due_at))


def _task(task: Task) -> Facts:
    return {
        "id": task.id,
        "kind": task.kind,
        "reason": task.reason,
        "number": task.number,
        "detail": task.detail,
        "created_at": _iso(task.created_at),
        "due_at": _iso(task.due_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
