"""The telephones of the sandbox page as JSON: who calls, what is said, what the line waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.phone.simulator import Call, Wait
from gateway.operations.demo.cast import AGENT, CALLERS, Player
from gateway.operations.demo.stage import Stage
from gateway.operations.demo.talks import Text, Turn

Facts = dict[str, Any]

MOST_TURNS = 160
MOST_TEXTS = 40


def phone_facts(stage: Stage) -> Facts:
    """The hotline's number, and everybody's telephone."""
    stage.callers.collect()
    return {
        "hotline": stage.gateway.house.settings.phone_number,
        "agent": AGENT,
        "callers": [_caller(stage, player) for player in CALLERS],
    }


def _caller(stage: Stage, player: Player) -> Facts:
    turns, texts = stage.callers.turns(player), stage.callers.texts(player)
    call, ringing = stage.callers.in_call(player), stage.callers.ringing(player)
    first, first_text = max(0, len(turns) - MOST_TURNS), max(0, len(texts) - MOST_TEXTS)
    return {
        "number": player.address,
        "name": player.name,
        "part": player.part,
        "busy": stage.callers.waiting[player.address] > 0,
        "call": _call(call, turns) if call else None,
        "rings": ringing.sid if ringing else "",
        "lines": [_turn(place, turn) for place, turn in enumerate(turns[first:], first)],
        "texts": [_text(place, text) for place, text in enumerate(texts[first_text:], first_text)],
    }


def _call(call: Call, turns: list[Turn]) -> Facts:
    began = next((turn.at for turn in turns if turn.call == call.sid), None)
    return {"sid": call.sid, "began": _iso(began), "waits": _wait(call.waits_for) if call.waits_for else None}


def _wait(wait: Wait) -> Facts:
    return {
        "verb": wait.verb,
        "speech": "speech" in wait.input,
        "keys": "dtmf" in wait.input,
        "digits": wait.num_digits,
        "finish": wait.finish_on_key,
        "seconds": wait.timeout,
    }


def _turn(place: int, turn: Turn) -> Facts:
    return {
        "id": place,
        "call": turn.call,
        "at": _iso(turn.at),
        "by": turn.by,
        "text": turn.text,
        "language": turn.language,
    }


def _text(place: int, text: Text) -> Facts:
    return {"id": place, "at": _iso(text.at), "text": text.text}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
