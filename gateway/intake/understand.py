"""The record as it stands after these words: what was said before, what the person said now, what our files hold."""

from __future__ import annotations

import re
from dataclasses import replace

from gateway.casework.lifecycle import Status
from gateway.intake import outside
from gateway.intake.another import means_another
from gateway.intake.directory import filled
from gateway.intake.doubts import chosen, end_doubts, told_too
from gateway.intake.numbered import answers_by_number, read_by_number
from gateway.intake.scene import Scene
from gateway.intake.talk import ABOUT_THE_CALL
from normalizer.completeness import missing
from normalizer.language import language_after
from normalizer.normalize import normalize
from normalizer.record import Complaint, Heard, Intent, Method, Submission
from normalizer.text import HAN, read

# What a person has told us in one complaint is not asked again in the next.
OF_THE_PERSON = ("complainant_name", "phone", "email", "id_number")

# What an accepted complaint is about: later words add to it, but only a correction changes this.
SETTLED = ("request", "category", "category_detail", "product", "reason")

# These find the cases they are about by themselves.
LOOK_UP_THEMSELVES = frozenset({Intent.PROGRESS, Intent.WITHDRAW})

MOST_CHARACTERS = 60_000
SHORTLY_ANSWERED = frozenset({"case_number", "last_four"})
SENTENCE = 12  # characters beside digits and letters
DIGITS_AND_LETTERS = re.compile(r"[\w]", re.ASCII)


async def understand(scene: Scene) -> None:
    """Set the scene's record, and its case when the words name another one of the person's own."""
    if means_another(scene):
        await _set_aside_the_first(scene)
    scene.record = _read(scene)
    await _switch_to_named_case(scene)
    known = filled(_with_what_the_person_told_before(scene, scene.record), scene.holdings)
    if known is not scene.record:
        scene.record = replace(known, missing=missing(known, scene.submission.sender))
    if scene.submission.text:
        _speak_their_language(scene)
    end_doubts(scene)


def _speak_their_language(scene: Scene) -> None:
    """The record's; before there is one, a number alone is of no language, and few words are of neither script."""
    before, now, text = scene.talk.language, scene.record.language, scene.submission.text
    if scene.by_ear:
        now = before  # the recogniser hears the language that was chosen
    if not scene.running and scene.talk.last and "en" not in (before, now):
        now = language_after(read(scene.submission), before)
    elif not scene.running and scene.talk.last and now != "en" and not HAN.search(text):
        now = before
    if now != scene.record.language:
        scene.record = replace(scene.record, language=now)
    scene.talk = replace(scene.talk, language=now)


def _read(scene: Scene) -> Complaint:
    known = scene.open_case.record if scene.running else None
    scene.chosen = {}
    if known is not None and scene.said_before:
        return replace(known, heard=Heard(intent=Intent.COMPLAINT))
    answer = chosen(scene, known) if known is not None else None
    if answer is None:
        return _read_words(scene, known, scene.submission)
    scene.chosen = answer.by_field
    if answer.is_all:
        heard = Heard(intent=Intent.SUPPLEMENT, fields=frozenset(answer.by_field))
        return replace(answer.record, heard=heard)
    return told_too(_read_words(scene, answer.record, replace(scene.submission, text=answer.rest)), answer)


def _read_words(scene: Scene, known: Complaint | None, words: Submission) -> Complaint:
    answers = [] if words.given else answers_by_number(words.text, scene.talk.listed)
    if answers:
        heard = read_by_number(words, known, answers)
    else:
        heard = normalize(bounded(words), known or _loose_words(scene), asked=_asked(scene))
    return heard if known is None or scene.collecting else _settled(known, heard)


def bounded(submission: Submission) -> Submission:
    """A chat log of megabytes holds its point at its ends; all of it is kept, this much is read at once."""
    text = submission.text
    if len(text) <= MOST_CHARACTERS:
        return submission
    return replace(submission, text=f"{text[: MOST_CHARACTERS * 2 // 3]}\n{text[-MOST_CHARACTERS // 3 :]}")


def _asked(scene: Scene) -> str | None:
    """Our question, if these words can be its answer: a sentence in reply to "which number?" tells something new."""
    asked, text = scene.talk.asked, scene.submission.text
    if asked in ABOUT_THE_CALL:
        return None
    if asked in SHORTLY_ANSWERED and len(DIGITS_AND_LETTERS.sub("", text)) > SENTENCE:
        return None
    return asked or None


def _loose_words(scene: Scene) -> Complaint | None:
    """What was said before there was a case: "I am seventy-six" belongs to the complaint that follows."""
    if not scene.talk.before:
        return None
    return normalize(replace(scene.submission, text=scene.talk.before, subject=""))


def _settled(known: Complaint, heard: Complaint) -> Complaint:
    kept = {name: known.fields[name] for name in SETTLED if name in known.fields and name not in heard.heard.corrected}
    return replace(heard, fields={**heard.fields, **kept})


def _with_what_the_person_told_before(scene: Scene, record: Complaint) -> Complaint:
    """Name and phone from the person's complaint before this one; shown to nobody, like all we only hold."""
    earlier = scene.earlier
    if earlier is None or {earlier.value("party_role"), record.value("party_role")} - {"", "self"}:
        return record
    for name in OF_THE_PERSON:
        found = earlier.fields.get(name)
        if found is not None and not record.value(name):
            record = record.with_field(name, replace(found, method=Method.DIRECTORY))
    return record


async def _switch_to_named_case(scene: Scene) -> None:
    """A person who adds to another of their own cases speaks about that one; a question about it changes nothing."""
    named = scene.record.heard.case_numbers
    if not named or (scene.case is not None and scene.case.number in named) or not scene.submission.attested:
        return
    if scene.record.heard.intent in LOOK_UP_THEMSELVES:
        return
    case = await scene.unit.complaints.by_number(named[-1], lock=True)
    if case is not None and outside.has_its_address(scene, case):
        await _set_aside_the_first(scene)
        scene.case = case
        scene.record = _read(scene)


async def _set_aside_the_first(scene: Scene) -> None:
    """The talk turns to another complaint; an unfinished one is not forgotten but goes to a person."""
    first = scene.case
    if first is None:
        return
    if scene.collecting:
        if first.status == Status.RECEIVED:
            await scene.move(Status.REGISTERED)
        await scene.task("incomplete", "turned_to_another")
    scene.earlier, scene.case = first.record, None
    scene.talk = replace(scene.talk.afresh(), began_at=scene.entry.received_at.isoformat())
