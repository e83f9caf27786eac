"""Two values for what a person has one of: asked about once, never a condition; unanswered, both are left to staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from gateway.intake.receipt import REPEATED, what_changed
from gateway.intake.scene import Scene
from gateway.intake.talk import fingerprint
from normalizer.choice import BOTH, SECOND, Pair, choices, denied
from normalizer.record import Complaint, Field, Intent, Method

STILL_TYPING = timedelta(seconds=15)  # what comes sooner was written before our question was read
OTHERWISE_BUSY = frozenset({"case_number", "last_four", "withdraw_confirm"})  # replies to these must not be mixed up
WORDLESS = frozenset({Intent.OTHER, Intent.PRAISE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What a person chose, the record with it, and what else they said."""

    record: Complaint
    rest: str
    by_field: Mapping[str, str]  # first, second or both

    @property
    def is_all(self) -> bool:
        """Was nothing else said?"""
        return not any(character.isalnum() for character in self.rest)


def chosen(scene: Scene, known: Complaint) -> Chosen | None:
    """The answer to our question which of two values is right; None when these words are none.

    Where a numbered list is open as well, a digit alone may mean one of its items.
    """
    found = dict(_open(scene, known))
    pairs = _pairs(known, found)
    if not pairs:
        return None
    by_field, rest = choices(scene.submission.text, pairs, keys=not scene.talk.listed)
    for name, which in by_field.items():
        known = standing(known, name, found[name] if which == SECOND else known.fields[name], also=which == BOTH)
    return Chosen(record=known, rest=rest, by_field=by_field) if by_field else None


def told_too(record: Complaint, answer: Chosen) -> Complaint:
    """The record of a message that chose, and said more besides."""
    heard = record.heard
    intent = Intent.SUPPLEMENT if heard.intent in WORDLESS else heard.intent
    return replace(record, heard=replace(heard, intent=intent, fields=heard.fields | frozenset(answer.by_field)))


def end_doubts(scene: Scene) -> None:
    """Answered, told anew, or passed over: the question is over, unless nobody can have read it yet."""
    talk, at = scene.talk, scene.entry.received_at
    if not talk.doubts or scene.said_before or not scene.submission.text:
        return
    unread = at - datetime.fromisoformat(talk.doubted_at) < STILL_TYPING
    told = scene.record.heard.fields
    if unread:  # who denies both has read it
        told |= denied(scene.submission.text, _pairs(scene.record, dict(_open(scene, scene.record))))
    left = {name: mark for name, mark in talk.doubts.items() if unread and name not in told}
    scene.talk = replace(talk, doubts=MappingProxyType(left))


def acknowledge_choice(scene: Scene) -> None:
    """Say which value stands now."""
    one = frozenset(name for name, which in scene.chosen.items() if which != BOTH)
    if one:
        scene.say("chosen", what=what_changed(scene, one))
    if len(one) < len(scene.chosen):
        scene.say("both_kept")


def ask_about_doubts(scene: Scene) -> None:
    """Put the question once for each pair of values, beside whatever else is said in this turn."""
    for name in sorted(scene.record.heard.contradicted):
        other = given_now(scene, name)
        mark = f"{name}:{_mark(scene.record.value(name), other.value)}" if other else ""
        if other is None or mark in scene.talk.doubted or not _may_ask(scene):
            continue
        _put(scene, name, other)
        _remember(scene, name, other, mark)


def _pairs(known: Complaint, found: Mapping[str, Field]) -> dict[str, Pair]:
    return {name: Pair(first=known.value(name), second=other.value) for name, other in found.items()}


def _open(scene: Scene, known: Complaint) -> Iterator[tuple[str, Field]]:
    """The fields we asked about just before, each with the value that stands beside."""
    for name, mark in scene.talk.doubts.items():
        others = known.others.get(name, ()) if known.value(name) else ()
        yield from ((name, each) for each in others if fingerprint(each.value) == mark)


def standing(record: Complaint, name: str, value: Field, *, also: bool = False) -> Complaint:
    """The record with the value that was chosen; the other one stays beside it, for staff to see."""
    before = record.fields[name]
    aside = tuple(each for each in (before, *record.others.get(name, ())) if each.value != value.value)
    others = MappingProxyType({**record.others, name: aside})
    answer = replace(value, method=Method.ANSWER, confidence=1.0, rule="both" if also else "chosen")
    return replace(record.with_field(name, answer), others=others)


def given_now(scene: Scene, name: str) -> Field | None:
    """The value of these very words that stands beside."""
    given = [each for each in scene.record.others.get(name, ()) if each.item == scene.submission.key]
    return given[0] if given and name in REPEATED else None


def _may_ask(scene: Scene) -> bool:
    talk = scene.talk
    with_a_person = talk.handed or talk.paged or scene.danger or scene.set_apart
    if with_a_person or not scene.running or talk.asked in OTHERWISE_BUSY:
        return False
    return scene.submission.may_answer


def _put(scene: Scene, name: str, other: Field) -> None:
    """Masked; two values that look the same under the mask cannot be shown side by side."""
    label, shown = scene.words.get("label", name), REPEATED[name]
    first, second = shown(scene.record.value(name)), shown(other.value)
    if scene.by_ear or first == second:
        scene.say("which_alike", label=label)
    else:
        scene.say("which_one", label=label, first=first, second=second)


def _remember(scene: Scene, name: str, other: Field, mark: str) -> None:
    """With no other question open, a bare reply is read as this field; a form that is open keeps its own question."""
    talk = scene.talk
    scene.talk = replace(
        talk,
        doubts=MappingProxyType({**talk.doubts, name: fingerprint(other.value)}),
        doubted=(*talk.doubted, mark),
        doubted_at=scene.entry.received_at.isoformat(),
        asked=talk.asked or ("" if scene.collecting else name),
    )


def _mark(one: str, other: str) -> str:
    """Of a pair, in whatever order."""
    return fingerprint("|".join(sorted((one, other))))
