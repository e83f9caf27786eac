"""How a letter of ours finds its way: to whom it goes, and what it asks on its slip."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.casework.address import by_post
from gateway.casework.letters import letter_facts
from gateway.intake.asking import question
from gateway.intake.scene import Scene
from normalizer.record import Contact, nothing

NOT_ON_A_SLIP = frozenset({"case_number", "last_four"})  # a slip belongs to a case, and names it


def destination(scene: Scene) -> Contact:
    """Where the answer to this item goes."""
    return by_post(scene.record) if scene.on_paper else scene.submission.sender


def facts_of(scene: Scene) -> Mapping[str, str]:
    """What a letter needs beside its words; nothing for any other message."""
    if not scene.on_paper:
        return nothing()
    wanted = [name for name in scene.asks if name not in NOT_ON_A_SLIP] if scene.case is not None else []
    asks = [(name, question(scene.words, scene.talk, scene.record, "item", name)) for name in wanted]
    return letter_facts(scene.record, asks)
