"""A turn put into words: one question in a chat, one numbered list in a mail."""

from __future__ import annotations

from datetime import timedelta

from channels.base import OutboundKind
from gateway.intake.asking import question
from gateway.intake.scene import Scene
from gateway.medium import Medium

SAID = frozenset({"withdraw_confirm"})  # the words that ask for it stand there already; a slip repeats them
PROOFS = frozenset({"case_number", "last_four"})  # asked in a sentence: they complete no complaint
# A written list names a day; after it we go on with what is there. A letter and its answer are days on their way.
REPLY_DAYS = {Medium.SCREEN: 3, Medium.PAGE: 3, Medium.PAPER: 8}


def text_of(scene: Scene) -> str:
    """All that is said in this turn; empty when there is nothing to say."""
    if not scene.lines and not scene.asks:
        return ""
    if scene.on_page:
        return _page(scene)
    return _mail(scene) if scene.at_once else _chat(scene)


def subject_of(scene: Scene) -> str:
    words = scene.words
    key = "subject_receipt" if scene.kind is OutboundKind.RECEIPT or not scene.asks else "subject_ask"
    return words.get("mail", key)


def _chat(scene: Scene) -> str:
    questions = [_question(scene, "ask", name) for name in _in_a_chat(scene)]
    return "\n".join([*scene.lines, *questions])


def _page(scene: Scene) -> str:
    """Neither greeting nor closing: the page has its own."""
    if not scene.asks or scene.asks[0] in SAID:
        return "\n".join(scene.lines)
    asked = _question(scene, "ask", scene.asks[0]) if scene.asks[0] in PROOFS else _list(scene)
    return "\n".join([*scene.lines, asked])


def _in_a_chat(scene: Scene) -> list[str]:
    """One thing at a time; after acceptance the one question may bring its invitation to send papers along."""
    if scene.kind is OutboundKind.RECEIPT:
        return scene.asks
    return scene.asks[:1]


def _mail(scene: Scene) -> str:
    words = scene.words
    parts = [words.get("mail", "greeting"), "\n".join(scene.lines)]
    if scene.asks and scene.asks[0] not in SAID:
        parts.append(_list(scene) if scene.asks[0] not in PROOFS else _question(scene, "ask", scene.asks[0]))
    parts.append(words.get("mail", "closing", org=scene.house.settings.org_name))
    return "\n\n".join(part for part in parts if part)


def _list(scene: Scene) -> str:
    words = scene.words
    items = [f"{place}. {_question(scene, 'item', name)}" for place, name in enumerate(scene.asks, 1)]
    if scene.kind is OutboundKind.RECEIPT:
        return "\n".join([words.say("list_head_optional"), *items])
    foot = words.say("list_foot", until=words.date(scene.now + timedelta(days=REPLY_DAYS[scene.medium])))
    return "\n".join([words.say("list_head"), *items, foot])


def _question(scene: Scene, section: str, name: str) -> str:
    return question(scene.words, scene.talk, scene.record, section, name)
