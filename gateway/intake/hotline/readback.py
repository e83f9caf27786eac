"""Before a complaint told on the line is accepted: what still helps, what was understood; after: the number, twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from channels.base import OutboundKind
from gateway.casework.address import reached_at
from gateway.delivery.parcels import new_parcel
from gateway.intake.hotline import transfer
from gateway.intake.hotline.aloud import aloud, number_aloud, said_in
from gateway.intake.phrases import phrases
from gateway.intake.receipt import plain
from gateway.intake.scene import Scene
from normalizer.completeness import to_ask_once
from normalizer.record import Contact, ContactKind, Method

MOST_READ_BACKS = 4
LANDLINE = re.compile(r"\+86(?!1\d{10}$)\d+")
CHECKED = ("complainant_name", "phone", "policy_number", "claim_number", "request")


def before_acceptance(scene: Scene) -> None:
    """One question that helps and blocks nothing, or the whole read back."""
    wanted = next(_helpful(scene), "")
    if wanted:
        scene.ask(wanted)
    else:
        read_back(scene)


def read_back(scene: Scene) -> None:
    """What this call has told, for the caller to confirm or to correct."""
    told = [*_items(scene), *_own_number(scene)]
    scene.tell("read_back", what=scene.words.joined(*told))
    confirm(scene)


def confirm(scene: Scene) -> None:
    scene.ask("confirm")
    scene.talk = replace(scene.talk, read_backs=scene.talk.read_backs + 1)


async def close(scene: Scene) -> None:
    """The receipt by ear: the number once more, by when we answer, and in writing where it can go."""
    await transfer.need_not_call_back(scene)
    say_number_again(scene)
    scene.say("next_step", due=scene.words.date(scene.open_case.due_at))
    await _put_in_writing(scene)
    scene.tell("again_or_hang_up")
    scene.talk = replace(scene.talk, asked="more")


def say_number_again(scene: Scene) -> None:
    scene.tell("number_again", digits=number_aloud(scene.number, scene.talk.language))


async def _put_in_writing(scene: Scene) -> None:
    """The number by text message, to a telephone that can get one."""
    to = reached_at(scene.submission.channel, scene.open_case.contact, scene.record)
    if to.kind is not ContactKind.PHONE or not scene.house.may_text(to):
        return
    words = phrases(scene.talk.language)
    text = words.joined(
        words.say("accepted", number=scene.number), words.say("next_step", due=words.date(scene.open_case.due_at))
    )
    await scene.unit.outbox.put(
        new_parcel(
            OutboundKind.COPY,
            scene.submission.channel,
            to,
            text,
            scene.now,
            case=scene.case,
            language=words.language,
            status_label=words.get("status", scene.open_case.status),
        )
    )
    scene.unit.wake()
    scene.tell("in_writing")


def unconfirmed(scene: Scene) -> None:
    """A number that was spoken may be misheard: nothing is sent there before the caller has heard it read back."""
    found = scene.record.fields.get("phone")
    spoken = found is not None and found.item == scene.submission.key and not scene.submission.keyed
    if found is not None and spoken and found.method is Method.ANSWER and scene.talk.asked != "more":
        scene.record = scene.record.with_field("phone", replace(found, method=Method.RULE))


def trust_what_was_confirmed(scene: Scene) -> None:
    """The caller heard it and said yes: from now on it is where they want to be called."""
    if _told(scene, "phone"):
        found = replace(scene.record.fields["phone"], method=Method.ANSWER)
        scene.record = scene.record.with_field("phone", found)


def _helpful(scene: Scene) -> Iterator[str]:
    """Where to call back when the caller is on a landline; the policy's number."""
    asks, record, sender = scene.talk.asks, scene.record, scene.submission.sender
    if _is_landline(sender) and not asks.get("phone") and not _told(scene, "phone"):
        yield "phone"
    if "policy_number" in to_ask_once(record, sender) and not asks.get("policy_number"):
        yield "policy_number"


def _is_landline(sender: Contact) -> bool:
    return sender.kind is ContactKind.PHONE and bool(LANDLINE.fullmatch(sender.value))


def _told(scene: Scene, name: str) -> bool:
    """Did the caller say it in this call?"""
    found = said_in(scene.record, name, scene.submission.talk)
    return found is not None and found.method is not Method.SENDER


def _items(scene: Scene) -> Iterator[str]:
    for name in CHECKED:
        if _told(scene, name):
            value = scene.record.value(name)
            shown = plain(value) if name == "request" else aloud(name, value, scene.talk.language)
            yield scene.words.get("line", f"item_{name}", value=shown)


def _own_number(scene: Scene) -> Iterator[str]:
    """No other was told: the number they call from is where we call back."""
    sender = scene.submission.sender
    if sender and not _told(scene, "phone") and scene.record.value("phone") in ("", sender.value):
        yield scene.words.get("line", "item_own_number", value=aloud("phone", sender.value, scene.talk.language))
